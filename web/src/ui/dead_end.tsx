import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { t } from '../i18n/t';

/** An address with nothing behind it: what is missing, and the way back to the chats. */
export function DeadEnd({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-1 items-center justify-center p-6">
      <div className="flex max-w-sm flex-col items-center gap-3 rounded-3xl bg-surface p-8 text-center shadow-card">
        {children}
        <h1 className="font-semibold text-lg">{title}</h1>
        <Link
          href="/"
          className="inline-flex min-h-11 items-center font-semibold text-accent underline underline-offset-2"
        >
          {t('app.toChats')}
        </Link>
      </div>
    </div>
  );
}
