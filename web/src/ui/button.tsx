import type { ComponentProps } from 'react';

const kinds = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong disabled:bg-raised disabled:text-muted',
  plain: 'bg-raised text-text hover:bg-line disabled:text-muted',
  danger: 'bg-danger-soft text-danger hover:bg-danger-line disabled:text-muted',
  quiet: 'text-accent hover:bg-accent-soft disabled:text-muted disabled:hover:bg-transparent',
};

interface Props extends ComponentProps<'button'> {
  kind?: keyof typeof kinds;
}

export function Button({ kind = 'primary', className = '', type = 'button', ...rest }: Props) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-10 items-center pointer-coarse:min-h-11 justify-center gap-2 rounded-xl px-4 py-2 font-semibold transition-colors ${kinds[kind]} ${className}`}
      {...rest}
    />
  );
}

/** A button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({
  label,
  className = '',
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={`inline-flex size-10 shrink-0 items-center justify-center rounded-full text-muted transition-colors hover:bg-raised hover:text-text pointer-coarse:size-11 ${className}`}
      {...rest}
    />
  );
}
