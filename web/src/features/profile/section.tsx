import type { ReactNode } from 'react';

export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="rounded-2xl bg-surface p-5 shadow-card max-pane:rounded-none" aria-label={title}>
      <h2 className="font-bold">{title}</h2>
      {hint && <p className="mt-0.5 text-muted text-sm">{hint}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
