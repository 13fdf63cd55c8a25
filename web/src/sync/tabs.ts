/** What the tabs of one browser tell each other. */
export type TabNews =
  | { kind: 'outbox'; userId: string }
  | { kind: 'draft'; userId: string; chatId: string; text: string }
  | { kind: 'login' }
  | { kind: 'logout' };

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('ping');

export function tellTabs(news: TabNews): void {
  channel?.postMessage(news);
}

/** Returns how to stop listening. */
export function hearTabs(listener: (news: TabNews) => void): () => void {
  const hear = (message: MessageEvent<TabNews>) => listener(message.data);
  channel?.addEventListener('message', hear);
  return () => channel?.removeEventListener('message', hear);
}

/** Runs `work` while no other tab runs its own under that name. Without locks (plain http on a LAN) it just runs. */
export async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request(name, work);
  else await work();
}
