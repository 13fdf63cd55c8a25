import { useState } from 'react';
import type { Mail } from '../../api/mailbox';
import { fullTime, listTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { Button } from '../../ui/button';
import { CheckIcon, CopyIcon } from '../../ui/icons';
import { codeOf } from './code';

function CopyButton({ code }: { code: string }) {
  const [isCopied, setIsCopied] = useState(false);
  async function copy() {
    // Without a secure origin there is no clipboard; the code is text that can be marked.
    await navigator.clipboard?.writeText(code).then(
      () => setIsCopied(true),
      () => {},
    );
  }
  return (
    <Button kind="plain" onClick={copy}>
      {isCopied ? <CheckIcon className="size-4" /> : <CopyIcon className="size-4" />}
      <span role="status">{t(isCopied ? 'mailbox.copied' : 'mailbox.copy')}</span>
    </Button>
  );
}

interface Props {
  mail: Mail;
  /** Undefined: this mail's code cannot be used here. */
  onUse: ((code: string) => void) | undefined;
}

export function MailCard({ mail, onUse }: Props) {
  const code = codeOf(mail);
  return (
    <li className="enter rounded-2xl bg-surface p-5 shadow-card" data-mail={mail.to}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="min-w-0 break-words font-semibold">{mail.subject}</h2>
        <time dateTime={mail.sentAt} title={fullTime(mail.sentAt)} className="text-muted text-sm">
          {listTime(mail.sentAt)}
        </time>
      </div>
      <p className="break-all text-muted text-sm">{t('mailbox.to', { email: mail.to })}</p>
      {code && (
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <output className="select-all rounded-xl bg-accent-soft px-4 py-1.5 font-mono text-accent font-semibold text-2xl tracking-[0.2em]">
            {code}
          </output>
          <div className="flex gap-3">
            <CopyButton code={code} />
            {onUse && <Button onClick={() => onUse(code)}>{t('mailbox.use')}</Button>}
          </div>
        </div>
      )}
      <details className="mt-2 text-sm" open={code === null}>
        <summary className="w-fit cursor-pointer py-3 font-medium text-muted">{t('mailbox.text')}</summary>
        <p className="message-text mt-1 rounded-xl bg-raised p-3.5">{mail.text}</p>
      </details>
    </li>
  );
}
