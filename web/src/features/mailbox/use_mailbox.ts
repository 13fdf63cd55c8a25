import { useCallback, useEffect, useState } from 'react';
import { type Mail, readMailbox } from '../../api/mailbox';

const everyMs = 2_000;

export interface Mailbox {
  /** Null until the first answer. */
  mails: Mail[] | null;
  state: 'loading' | 'ready' | 'none' | 'network';
  load: () => void;
}

/** The mails, newest first, asked for again while somebody looks. What was there stays when an answer is missing. */
export function useMailbox(): Mailbox {
  const [mails, setMails] = useState<Mail[] | null>(null);
  const [state, setState] = useState<Mailbox['state']>('loading');
  const load = useCallback(async () => {
    const found = await readMailbox();
    if (typeof found !== 'string') setMails(found);
    setState(typeof found === 'string' ? found : 'ready');
  }, []);
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), everyMs);
    return () => clearInterval(timer);
  }, [load]);
  return { mails, state, load: () => void load() };
}
