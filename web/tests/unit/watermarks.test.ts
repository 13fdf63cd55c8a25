import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Ack } from '../../src/realtime/protocol';
import type { Socket } from '../../src/realtime/socket';
import { change, read } from '../../src/store';
import { putRows } from '../../src/store/chats';
import { initialState } from '../../src/store/state';
import { Watermarks } from '../../src/sync/watermarks';

const chatId = 'c'.repeat(24);
const at = '2026-11-21T09:00:00.000Z';

function bench(...answers: (Ack | null)[]) {
  const asked: number[] = [];
  const ask = async (_: string, { seq }: { seq: number }) => {
    asked.push(seq);
    const answer = answers.shift();
    return answer === undefined ? { ok: true, data: { readSeq: seq, unseenCount: 0 } } : answer;
  };
  return { marks: new Watermarks({ ask } as unknown as Socket), asked };
}

const refusal = (code: string): Ack => ({ ok: false, error: { code, message: 'no' } });

beforeEach(() => {
  vi.useFakeTimers();
  const user = { _id: 'b', name: 'Bo', createdAt: at, updatedAt: at, __v: 0 as const };
  const common = { users: ['a', 'b'], latestMessage: null, createdAt: at, updatedAt: at, __v: 0 as const };
  const counts = { unseenCount: 4, lastSeq: 4, readSeq: 0, peer: { readSeq: 0, deliveredSeq: 0 } };
  change(() => putRows(initialState, [{ user, chat: { _id: chatId, ...common, ...counts } }]));
});
afterEach(() => {
  vi.useRealTimers();
});

test('what the server had no time for is said again, until it is heard', async () => {
  const { marks, asked } = bench(refusal('mark_limit'), refusal('unavailable'));
  marks.saw(chatId, 4);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual([4]);
  expect(read().chats[chatId]?.readSeq).toBe(4);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([4, 4, 4]);
});

test('what it refuses for good, or has heard, is said once', async () => {
  const { marks, asked } = bench(refusal('forbidden'));
  marks.saw(chatId, 2);
  await vi.advanceTimersByTimeAsync(20_000);
  marks.saw(chatId, 4);
  await vi.advanceTimersByTimeAsync(20_000);
  marks.renew();
  expect(asked).toEqual([2, 4]);
  marks.close();
});

test('what nobody answered waits for the next connection', async () => {
  const { marks, asked } = bench(null);
  marks.saw(chatId, 4);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([4]);
  marks.renew();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([4, 4]);
  marks.close();
});
