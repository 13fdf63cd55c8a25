import type { ReactNode } from 'react';
import { Logo } from '../../ui/logo';

export function AuthCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="canvas-pattern flex min-h-dvh flex-col items-center justify-center p-4">
      <div className="w-full max-w-[25rem] rounded-3xl bg-surface p-8 shadow-card max-pane:p-6">
        <Logo className="mb-5 size-14" />
        <h1 className="mb-1.5 font-bold text-2xl tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}
