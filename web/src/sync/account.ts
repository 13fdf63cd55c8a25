import { api, outcome, whenLoggedOut } from '../api/client';
import { isStatus, type Outcome } from '../api/problem';
import type { OwnUser } from '../api/types';
import type { ServerEvent } from '../realtime/protocol';
import { change, read } from '../store';
import { rememberedMe, rememberMe } from '../store/remember';
import { initialState, type State } from '../store/state';
import { putUser } from '../store/users';
import type { Session } from './session';
import { hearTabs, tellTabs } from './tabs';

let session: Session | null = null;
let onEvent: (event: ServerEvent) => void = () => {};

/** What runs for who is logged in. Null on the login pages. */
export function currentSession(): Session | null {
  return session;
}

/** One listener for events, besides the store: the announcer. */
export function whenEvent(listener: (event: ServerEvent) => void): void {
  onEvent = listener;
}

async function begin(me: OwnUser): Promise<void> {
  rememberMe(me);
  if (session?.userId !== me._id) {
    leave(session ? { status: 'unknown', me: null, expired: null } : read().session);
    // What only a logged-in person needs is not loaded by the login page.
    const { Session } = await import('./session');
    session = await Session.begin(me, { onEnded: () => expire(), onEvent: (event) => onEvent(event) });
  }
  change((state) => ({ ...putUser(state, me), session: { status: 'in', me, expired: null } }));
}

/** Nothing of one person may be shown to the next, or be kept as theirs. */
function leave(next: State['session']): void {
  session?.close();
  session = null;
  change(() => ({ ...initialState, session: next }));
}

/** The session ended elsewhere. Drafts and outbox stay on this device, for the same person. */
function expire(): void {
  const { status, me } = read().session;
  if (status === 'out') return;
  const expired = status === 'in' ? (me?.email ?? '') : null;
  rememberMe(null);
  leave({ status: 'out', me: null, expired });
}

/** At the start of the page: who is it? With a remembered person the page opens before the server answers. */
export async function start(): Promise<void> {
  whenLoggedOut(expire);
  hearTabs((news) => {
    if (news.kind === 'logout') expire();
    if (news.kind === 'login' && read().session.status === 'out') void refresh();
  });
  const remembered = rememberedMe();
  if (remembered) await begin(remembered);
  await refresh();
}

async function refresh(): Promise<void> {
  const answer = await outcome(api.GET('/api/v1/me'));
  if (answer.ok) {
    await begin(answer.value);
  } else if (!isStatus(answer.problem, 401) && read().session.status === 'unknown') {
    change((state) => ({ ...state, session: { status: 'out', me: null, expired: null } }));
  }
}

export async function loggedIn(me: OwnUser): Promise<void> {
  await begin(me);
  tellTabs({ kind: 'login' });
}

export async function rename(name: string): Promise<Outcome<OwnUser>> {
  const answer = await outcome(api.PATCH('/api/v1/me', { body: { name } }));
  if (!answer.ok) return answer;
  const { user } = answer.value;
  rememberMe(user);
  change((state) => ({ ...putUser(state, user), session: { ...state.session, me: user } }));
  return { ok: true, value: user };
}

/** Ends the session on the server, and forgets this person here. Without an answer nothing is forgotten. */
export async function logout(everywhere: boolean): Promise<Outcome<unknown>> {
  const path = everywhere ? '/api/v1/logout-all' : '/api/v1/logout';
  const { me } = read().session;
  const answer = await outcome(api.POST(path));
  const isOver = answer.ok || isStatus(answer.problem, 401);
  if (!isOver) return answer;
  leave({ status: 'out', me: null, expired: null });
  rememberMe(null);
  if (me) await (await import('../store/persist')).forget(me._id);
  tellTabs({ kind: 'logout' });
  return { ok: true, value: null };
}
