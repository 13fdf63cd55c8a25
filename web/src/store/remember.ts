import type { OwnUser } from '../api/types';

const meKey = 'ping.me';

/** Null: nobody is logged in on this device. */
export function rememberMe(me: OwnUser | null): void {
  if (me) localStorage.setItem(meKey, JSON.stringify(me));
  else localStorage.removeItem(meKey);
}

/** Who was logged in last, for a start without a network. */
export function rememberedMe(): OwnUser | null {
  try {
    return JSON.parse(localStorage.getItem(meKey) ?? 'null') as OwnUser | null;
  } catch {
    return null;
  }
}
