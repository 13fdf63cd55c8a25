// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OwnUser } from '../../src/api/types';
import { attach, takeAttachments } from '../../src/features/composer/attachments';
import type { ServerEvent } from '../../src/realtime/protocol';
import type { SocketOptions } from '../../src/realtime/socket';
import { change, read } from '../../src/store';
import { rememberedMe, rememberMe } from '../../src/store/remember';
import { initialState } from '../../src/store/state';
import { currentSession, start } from '../../src/sync/account';

const at = '2026-11-21T09:00:00.000Z';
const common = { role: 'user' as const, createdAt: at, updatedAt: at, __v: 0 as const };
const ana: OwnUser = { _id: 'a'.repeat(24), name: 'Ana', email: 'ana@example.com', ...common };
const bo: OwnUser = { _id: 'b'.repeat(24), name: 'Bo', email: 'bo@example.com', ...common };

/** Each connection that was made: what it may tell, and what was asked of it. */
const sockets = vi.hoisted(() => [] as { options: SocketOptions; asked: string[]; isClosed: boolean }[]);

vi.mock('../../src/realtime/socket', () => ({
  Socket: class {
    isOpen = true;
    #made: (typeof sockets)[number];
    constructor(options: SocketOptions) {
      this.#made = { options, asked: [], isClosed: false };
      sockets.push(this.#made);
    }
    connect() {}
    emit() {}
    close() {
      this.#made.isClosed = true;
    }
    async ask(event: string) {
      this.#made.asked.push(event);
      return null;
    }
  },
}));

function hello(userId: string): ServerEvent {
  return { event: 'hello', data: { userId, serverTime: at } };
}

/** What the server says of `GET /me`, when the test wants it to. */
let answerMe: (me: OwnUser) => void;

beforeEach(() => {
  vi.stubGlobal('crypto', webcrypto);
  sockets.length = 0;
  change(() => initialState);
  rememberMe(ana);
  const me = new Promise<OwnUser>((resolve) => {
    answerMe = resolve;
  });
  const answer = (body: unknown, status: number) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  vi.stubGlobal('fetch', async ({ url }: Request) =>
    url.endsWith('/api/v1/me') ? answer(await me, 200) : answer({ message: 'no', code: 'internal' }, 500),
  );
});
afterEach(() => {
  sockets.at(-1)?.options.onEvent({ event: 'sessionEnded', data: { reason: 'over' } });
  expect(currentSession()).toBeNull();
  vi.unstubAllGlobals();
});

/** Opens the page. Gives what resolves when the server has said who it is. */
async function opened(): Promise<{ whole: Promise<void> }> {
  const whole = start();
  await vi.waitFor(() => expect(read().session.me).toEqual(ana));
  return { whole };
}

describe('a page that opened as who was here last', () => {
  test('forgets all of theirs when the server names another person', async () => {
    const { whole } = await opened();
    const chatId = 'c1';
    change((state) => ({ ...state, drafts: { [chatId]: 'for Bo’s eyes not' }, openChat: chatId }));
    answerMe(bo);
    await whole;
    expect(read().session).toMatchObject({ status: 'in', me: bo });
    expect(read()).toMatchObject({ drafts: {}, chats: {}, timelines: {}, openChat: null });
    expect(currentSession()?.userId).toBe(bo._id);
    expect(sockets.map((one) => one.isClosed)).toEqual([true, false]);
  });

  test('keeps it when it is the same one', async () => {
    const { whole } = await opened();
    change((state) => ({ ...state, drafts: { c1: 'a draft' } }));
    answerMe({ ...ana, name: 'Ana M.' });
    await whole;
    expect(read().session.me?.name).toBe('Ana M.');
    expect(read().drafts).toEqual({ c1: 'a draft' });
    expect(sockets).toHaveLength(1);
  });

  test('sends nothing over a connection that is another person’s, and ends the session', async () => {
    await opened();
    const [socket] = sockets;
    currentSession()?.send('c1', 'mine');
    await vi.waitFor(() => expect(socket?.asked).toContain('sendMessage'));
    const before = socket?.asked.length;
    socket?.options.onEvent(hello(bo._id));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(socket?.asked).toHaveLength(before ?? 0);
    expect(read().session).toMatchObject({ status: 'out', me: null });
    expect([currentSession(), rememberedMe(), socket?.isClosed]).toEqual([null, null, true]);
  });

  test('goes on over its own', async () => {
    await opened();
    sockets[0]?.options.onEvent(hello(ana._id));
    expect(read().session.status).toBe('in');
  });
});

test('pictures beside a text that is being written go with whoever picked them', async () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL');
  change((state) => ({ ...state, session: { status: 'in', me: ana, expired: null } }));
  const attaching = attach('c1', [new File(['bytes'], 'a.png', { type: 'image/png' })]);
  change((state) => ({ ...state, session: { ...state.session, me: { ...ana, name: 'Ana M.' } } }));
  expect(revoke).not.toHaveBeenCalled();
  change((state) => ({ ...state, session: { status: 'out', me: null, expired: null } }));
  expect(revoke).toHaveBeenCalledTimes(1);
  await attaching;
  expect(takeAttachments('c1')).toEqual([]);
});
