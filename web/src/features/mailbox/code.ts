import type { Mail } from '../../api/mailbox';

/** The login code that a mail brings: its subject begins with it. Null for any other mail. */
export function codeOf({ subject }: Pick<Mail, 'subject'>): string | null {
  return subject.match(/^\d{6}\b/)?.[0] ?? null;
}
