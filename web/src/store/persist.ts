import { clear, createStore as createDatabase, get, set, type UseStore } from 'idb-keyval';
import type { Chat, User } from '../api/types';
import { change, read, store } from './index';
import { emptyTimeline, type State, type Timeline } from './state';

const mostTimelines = 30;
const mostMessages = 60;
const saveAfterMs = 1_000;

/** What is kept of a session, so that the page opens with it and without a network. */
interface Snapshot {
  version: 1;
  chats: Record<string, Chat>;
  users: Record<string, User>;
  timelines: Record<string, Timeline>;
  drafts: Record<string, string>;
}

const databases = new Map<string, UseStore>();

/** The database of one person on this device. */
export function databaseOf(userId: string): UseStore {
  const known = databases.get(userId) ?? createDatabase(`ping-${userId}`, 'kept');
  databases.set(userId, known);
  return known;
}

function snapshotOf(state: State): Snapshot {
  const recent = Object.entries(state.timelines)
    .filter(([, timeline]) => timeline.items.length > 0)
    .sort(([a], [b]) => ((state.chats[a]?.updatedAt ?? '') < (state.chats[b]?.updatedAt ?? '') ? 1 : -1))
    .slice(0, mostTimelines)
    .map(([id, timeline]): [string, Timeline] => {
      const items = timeline.items.slice(-mostMessages);
      const hasOlder = timeline.hasOlder || items.length < timeline.items.length;
      return [id, { ...emptyTimeline, items, hasOlder, status: 'ready' }];
    });
  const { chats, users, drafts } = state;
  return { version: 1, chats, users, drafts, timelines: Object.fromEntries(recent) };
}

/** Fills the store with what was kept. The server's answers go over it afterwards. */
export async function restore(userId: string): Promise<void> {
  const kept = await get<Snapshot>('snapshot', databaseOf(userId)).catch(() => undefined);
  if (kept?.version !== 1) return;
  change((state) => ({
    ...state,
    chats: { ...kept.chats, ...state.chats },
    users: { ...kept.users, ...state.users },
    timelines: { ...kept.timelines, ...state.timelines },
    drafts: { ...kept.drafts, ...state.drafts },
  }));
}

/** Saves a second after the last change, and when the page is left. Returns how to stop. */
export function keepSaving(userId: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before = read();
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    // Without storage (a private window may have none) the page works, it only starts empty.
    set('snapshot', snapshotOf(read()), databaseOf(userId)).catch(() => {});
  };
  const unsubscribe = store.subscribe((state) => {
    const isSame =
      state.chats === before.chats &&
      state.users === before.users &&
      state.timelines === before.timelines &&
      state.drafts === before.drafts;
    before = state;
    if (!isSame && timer === undefined) timer = setTimeout(save, saveAfterMs);
  });
  const saveOnLeave = () => {
    if (timer !== undefined) save();
  };
  window.addEventListener('pagehide', saveOnLeave);
  return () => {
    saveOnLeave();
    unsubscribe();
    window.removeEventListener('pagehide', saveOnLeave);
  };
}

/** Forgets everything of a person on this device, drafts and outbox too. */
export async function forget(userId: string): Promise<void> {
  await clear(databaseOf(userId)).catch(() => {});
}
