import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoffMs } from '../../src/realtime/backoff';
import { parseFrame, type ServerEvent } from '../../src/realtime/protocol';
import { type Connection, Socket } from '../../src/realtime/socket';

class FakeWebSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { event: string; data: unknown; ack?: number }[] = [];
  closedWith: number | undefined | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close(code?: number) {
    this.closedWith = code;
  }
  say(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const hello = { event: 'hello', data: { userId: 'u', serverTime: '2026-11-21T10:00:00.000Z' } };

function bench() {
  const sockets: FakeWebSocket[] = [];
  const events: ServerEvent[] = [];
  const seen: Connection[] = [];
  const socket = new Socket({
    url: 'ws://here',
    onEvent: (event) => events.push(event),
    onChange: (connection) => seen.push(connection),
    random: () => 1,
    open: () => {
      const made = new FakeWebSocket();
      sockets.push(made);
      return made as unknown as WebSocket;
    },
  });
  const last = () => sockets.at(-1) as FakeWebSocket;
  return { socket, sockets, events, last, phase: () => seen.at(-1)?.phase, connection: () => seen.at(-1) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the socket', () => {
  test('is open after hello, and hands events on', () => {
    const { socket, last, events, phase } = bench();
    socket.connect();
    expect(phase()).toBe('connecting');
    last().say(hello);
    last().say({ event: 'userOnline', data: { userId: 'bo' } });
    expect(phase()).toBe('open');
    expect(events.map((one) => one.event)).toEqual(['hello', 'userOnline']);
  });

  test('answers go to who asked; a lost connection answers null', async () => {
    const { socket, last } = bench();
    socket.connect();
    last().say(hello);
    const first = socket.ask('seen', { chatId: 'c', seq: 1 });
    const second = socket.ask('seen', { chatId: 'c', seq: 2 });
    const third = socket.ask('seen', { chatId: 'c', seq: 3 });
    const [a, b] = last().sent;
    last().say({ ack: b?.ack, data: 'two' });
    last().say({ ack: a?.ack, error: { message: 'no', code: 'forbidden' } });
    expect(await second).toEqual({ ok: true, data: 'two' });
    expect(await first).toEqual({ ok: false, error: { message: 'no', code: 'forbidden' } });
    last().onclose?.({ code: 1006 });
    expect(await third).toBeNull();
  });

  test('an answer that does not come in 10 s is null', async () => {
    const { socket, last } = bench();
    socket.connect();
    last().say(hello);
    const answer = socket.ask('seen', { chatId: 'c', seq: 1 });
    vi.advanceTimersByTime(10_000);
    expect(await answer).toBeNull();
  });

  test('comes back by itself, slower each time, and at once when asked', () => {
    const { socket, sockets, last, phase } = bench();
    socket.connect();
    last().onclose?.({ code: 1006 });
    expect(phase()).toBe('waiting');
    vi.advanceTimersByTime(499);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(2);
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(999);
    expect(sockets).toHaveLength(2);
    socket.connect();
    expect(sockets).toHaveLength(3);
    vi.advanceTimersByTime(5_000);
    expect(sockets).toHaveLength(3);
  });

  test('a restart of the server is told apart; 4401 ends it', () => {
    const { socket, last, connection, phase } = bench();
    socket.connect();
    last().say(hello);
    last().onclose?.({ code: 1001 });
    expect(connection()?.isRestart).toBe(true);
    vi.advanceTimersByTime(500);
    expect(connection()).toMatchObject({ phase: 'connecting', isRestart: true });
    last().say(hello);
    expect(connection()?.isRestart).toBe(false);
    last().onclose?.({ code: 4401 });
    expect(phase()).toBe('ended');
    vi.advanceTimersByTime(60_000);
    expect(phase()).toBe('ended');
  });

  test('a server that accepts and says nothing is given up after 10 s', () => {
    const { socket, phase, sockets } = bench();
    socket.connect();
    vi.advanceTimersByTime(10_000);
    expect(phase()).toBe('waiting');
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
  });

  test('a goodbye is 1000, so that the server shows us offline at once', () => {
    const { socket, last, phase } = bench();
    socket.connect();
    last().say(hello);
    const open = last();
    socket.close();
    expect(open.closedWith).toBe(1000);
    expect(phase()).toBe('idle');
  });
});

test('the wait between tries doubles up to 30 s, half of it by chance', () => {
  expect([0, 1, 2, 10].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1000, 2000, 30_000]);
  expect(backoffMs(3, () => 0)).toBe(2000);
});

test('frames that are not understood are passed over, not thrown', () => {
  const broken = [
    '',
    'x',
    '1',
    '[]',
    'null',
    '{}',
    '{"event":"nothing","data":1}',
    '{"event":"newMessage","data":{"_id":1}}',
    '{"event":"toString","data":{}}',
    '{"event":"getOnlineUser","data":[1]}',
  ];
  for (const text of broken) expect(parseFrame(text)).toBeNull();
  expect(parseFrame('{"ack":3}')).toEqual({ kind: 'ack', id: 3, ack: { ok: true, data: undefined } });
});
