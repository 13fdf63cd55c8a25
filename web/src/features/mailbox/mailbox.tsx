import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { logInWith } from '../../sync/login';
import { BackIcon, MailIcon } from '../../ui/icons';
import { MailCard } from './mail_card';
import { type Mailbox, useMailbox } from './use_mailbox';

function Note({ text, children }: { text: string; children?: string }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-2xl bg-surface p-8 text-center shadow-card">
      <span className="flex size-14 items-center justify-center rounded-2xl bg-accent-soft text-accent">
        <MailIcon className="size-7" />
      </span>
      <p className="font-semibold">{text}</p>
      {children && <p className="max-w-sm text-muted">{children}</p>}
    </div>
  );
}

function Content({ mailbox, onUse }: { mailbox: Mailbox; onUse: (email: string, code: string) => void }) {
  const isOut = useStore((state) => state.session.status === 'out');
  const { mails, state } = mailbox;
  if (state === 'none') return <Note text={t('mailbox.none')}>{t('mailbox.noneHint')}</Note>;
  if (mails === null) {
    return state === 'network' ? (
      <Note text={t('problem.network')} />
    ) : (
      <div role="status" aria-label={t('app.loading')} className="skeleton h-40 rounded-2xl bg-surface" />
    );
  }
  if (mails.length === 0) return <Note text={t('mailbox.empty')}>{t('mailbox.emptyHint')}</Note>;
  return (
    <ol className="space-y-3">
      {mails.map((mail) => (
        <MailCard
          key={mail.sentAt + mail.to + mail.subject}
          mail={mail}
          onUse={isOut ? (code) => onUse(mail.to, code) : undefined}
        />
      ))}
    </ol>
  );
}

/** In development: the mails that would have been sent. A code can be used from here. */
export function MailboxPage() {
  const mailbox = useMailbox();
  const isOut = useStore((state) => state.session.status === 'out');
  const [, go] = useLocation();
  const [problem, setProblem] = useState('');

  async function use(email: string, code: string) {
    const answer = await logInWith({ email, otp: code });
    if (answer.ok) go('/');
    else setProblem(problemText(answer.problem));
  }
  return (
    <main className="scroll-quiet h-dvh canvas-pattern overflow-y-auto">
      <div className="mx-auto max-w-2xl px-4 py-6">
        <header className="mb-5 flex items-start gap-3">
          <Link
            href={isOut ? '/login' : '/'}
            aria-label={t(isOut ? 'mailbox.toLogin' : 'app.toChats')}
            className="-mt-2 -ms-2 inline-flex size-11 shrink-0 items-center justify-center rounded-full text-muted hover:bg-raised"
          >
            <BackIcon />
          </Link>
          <div className="min-w-0">
            <h1 className="font-bold text-xl tracking-tight">{t('mailbox.title')}</h1>
            <p className="text-muted text-sm">{t('mailbox.hint')}</p>
          </div>
        </header>
        {problem && (
          <p
            role="alert"
            className="mb-3 rounded-xl bg-danger-soft px-4 py-3 font-medium text-danger text-sm"
          >
            {problem}
          </p>
        )}
        {mailbox.state === 'network' && mailbox.mails !== null && (
          <p role="status" className="mb-3 rounded-xl bg-notice px-4 py-2 text-notice-text text-sm">
            {t('problem.network')}
          </p>
        )}
        <Content mailbox={mailbox} onUse={use} />
      </div>
    </main>
  );
}
