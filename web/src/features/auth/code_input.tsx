import type { Ref } from 'react';
import { t } from '../../i18n/t';
import { digitsOf } from './flow';

interface Props {
  ref: Ref<HTMLInputElement>;
  value: string;
  error: boolean;
  onChange: (digits: string) => void;
}

/** One input that looks like six cells: autofill, paste and screen readers see a single field. */
export function CodeInput({ ref, value, error, onChange }: Props) {
  return (
    <div className="@container">
      <label htmlFor="code" className="mb-1.5 block font-semibold text-sm">
        {t('verify.code')}
      </label>
      <div className="code-box rounded-lg">
        <input
          ref={ref}
          id="code"
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\d{6}"
          spellCheck={false}
          autoFocus
          value={value}
          aria-invalid={error || undefined}
          aria-describedby={error ? 'code-hint code-error' : 'code-hint'}
          onChange={(event) => onChange(digitsOf(event.target.value))}
          className="code-input block h-14 font-semibold text-2xl text-text aria-invalid:text-danger"
        />
      </div>
      <p id="code-hint" className="mt-1.5 text-muted text-sm">
        {t('verify.auto')}
      </p>
    </div>
  );
}
