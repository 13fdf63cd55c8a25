import type { ChatId, UserId } from '../api/types';
import type { State } from './state';

/**
 * A stop that never came is assumed after this. With the time between two looks it is less than 6 s after the last key,
 * and more than the time after which who goes on typing is told again.
 */
export const typingLastsMs = 5_200;

export function putOnline(state: State, ids: UserId[]): State {
  return { ...state, online: Object.fromEntries(ids.map((id) => [id, true as const])) };
}

export function noteOnline(state: State, id: UserId): State {
  return { ...state, online: { ...state.online, [id]: true } };
}

export function noteOffline(state: State, id: UserId, lastSeenAt: string | undefined): State {
  const { [id]: _, ...online } = state.online ?? {};
  const user = state.users[id];
  const users = user && lastSeenAt ? { ...state.users, [id]: { ...user, lastSeenAt } } : state.users;
  const typing = Object.fromEntries(Object.entries(state.typing).filter(([, one]) => one.userId !== id));
  return { ...state, online, users, typing };
}

export function noteTyping(state: State, chat: ChatId, userId: UserId, now: number): State {
  return { ...state, typing: { ...state.typing, [chat]: { userId, until: now + typingLastsMs } } };
}

export function noteStoppedTyping(state: State, chat: ChatId, userId: UserId): State {
  if (state.typing[chat]?.userId !== userId) return state;
  const { [chat]: _, ...typing } = state.typing;
  return { ...state, typing };
}

export function dropStaleTyping(state: State, now: number): State {
  const live = Object.entries(state.typing).filter(([, one]) => one.until > now);
  return live.length === Object.keys(state.typing).length
    ? state
    : { ...state, typing: Object.fromEntries(live) };
}
