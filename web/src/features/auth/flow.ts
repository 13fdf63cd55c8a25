/** A login that waits for its code. In sessionStorage, never in an address: addresses end in logs and histories. */
export interface Flow {
  email: string;
  flowId: string | null;
  /** Milliseconds, of this machine's clock. */
  resendAt: number;
  expiresAt: number;
}

const key = 'ping.flow';

export function readFlow(): Flow | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as Flow | null;
  } catch {
    return null;
  }
}

export function writeFlow(flow: Flow | null): void {
  if (flow) sessionStorage.setItem(key, JSON.stringify(flow));
  else sessionStorage.removeItem(key);
}

/** ana@example.com -> a•••@example.com */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? email : `${[...email][0]}•••${email.slice(at)}`;
}

/** The digits of whatever was typed or pasted: "123 456", "your code is 123-456". */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '').slice(0, 6);
}
