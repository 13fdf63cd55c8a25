/** A mail that a server in development kept for itself (DESIGN.md §6). */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  sentAt: string;
}

const path = '/dev/mailbox.json';

/** Only to this machine itself does a server answer. */
function isLocal(): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(window.location.hostname);
}

/** Whether this server keeps its mails for itself. */
export async function hasMailbox(): Promise<boolean> {
  if (!isLocal()) return false;
  const answer = await fetch(path, { method: 'HEAD' }).catch(() => null);
  return answer?.ok ?? false;
}

function isMail(value: unknown): value is Mail {
  const fields = value as Record<keyof Mail, unknown> | null;
  return [fields?.to, fields?.subject, fields?.text, fields?.sentAt].every((one) => typeof one === 'string');
}

/** Newest first; `none`: this server has no such mailbox; `network`: it did not answer. */
export async function readMailbox(): Promise<Mail[] | 'none' | 'network'> {
  try {
    const answer = await fetch(path);
    if (!answer.ok) return 'none';
    const body: unknown = await answer.json();
    return Array.isArray(body) ? body.filter(isMail) : 'none';
  } catch {
    return 'network';
  }
}
