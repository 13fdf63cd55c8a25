import type { User } from '../api/types';
import type { State } from './state';

export function putUser(state: State, user: User): State {
  return { ...state, users: { ...state.users, [user._id]: { ...state.users[user._id], ...user } } };
}
