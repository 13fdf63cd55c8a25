import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { hasMailbox } from '../../api/mailbox';
import { t } from '../../i18n/t';

/** In development: the way to the mails, which never leave the machine. */
export function DevMailboxHint() {
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    void hasMailbox().then(setIsThere);
  }, []);
  if (!isThere) return null;
  return (
    <p className="mt-5 rounded-xl bg-notice px-3.5 py-2.5 text-notice-text text-sm">
      {t('login.mailbox')}{' '}
      <Link href="/mailbox" className="font-semibold underline underline-offset-2">
        {t('login.mailboxLink')}
      </Link>
    </p>
  );
}
