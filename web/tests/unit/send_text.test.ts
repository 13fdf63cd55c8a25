import { describe, expect, test, vi } from 'vitest';
import type { Problem } from '../../src/api/problem';
import { uploadMessage } from '../../src/api/upload';
import type { Ack } from '../../src/realtime/protocol';
import type { Socket } from '../../src/realtime/socket';
import type { Pending } from '../../src/store/state';
import { sendImage } from '../../src/sync/send_image';
import { sendText } from '../../src/sync/send_text';

vi.mock('../../src/api/upload', () => ({ uploadMessage: vi.fn() }));

const item: Pending = { clientId: 'k', chatId: 'c', text: 'hi', createdAt: 0, state: 'queued', reason: null };

/** What becomes of a message when the server answers this. */
function sentWith(answer: Ack | null) {
  return sendText({ ask: async () => answer } as unknown as Socket, item);
}

function refusedWith(code: string) {
  return sentWith({ ok: false, error: { code, message: 'no' } });
}

describe('a text that is sent', () => {
  test('waits where nobody answered, or the answer is not understood', async () => {
    expect(await sentWith(null)).toEqual({ kind: 'later' });
    expect(await sentWith({ ok: true, data: {} })).toEqual({ kind: 'later' });
  });

  test.each(['message_limit', 'unavailable', 'timeout', 'storage_full', 'internal'])(
    'waits where the server says %s: time heals it',
    async (code) => {
      expect(await refusedWith(code)).toEqual({ kind: 'later' });
    },
  );

  test.each(['forbidden', 'invalid_fields', 'client_id_reused', 'of_a_newer_server'])(
    'fails for good where it says %s',
    async (code) => {
      expect(await refusedWith(code)).toEqual({ kind: 'refused', reason: 'no' });
    },
  );
});

describe('an image that is sent', () => {
  function uploadedWith(problem: Problem) {
    vi.mocked(uploadMessage).mockResolvedValueOnce({ ok: false, problem });
    return sendImage(item, new Blob(['bytes']), new AbortController().signal, () => {});
  }
  const refusal = { kind: 'server' as const, code: 'x', message: 'no', requestId: '' };

  test('waits as long as the server asks for, if it does', async () => {
    expect(await uploadedWith({ kind: 'network' })).toEqual({ kind: 'later' });
    expect(await uploadedWith({ ...refusal, status: 500, retryAfter: null })).toEqual({ kind: 'later' });
    const busy = { ...refusal, status: 429, retryAfter: 7 };
    expect(await uploadedWith(busy)).toEqual({ kind: 'later', afterMs: 7_000 });
  });

  test('fails for good where it will never be taken', async () => {
    const refused = await uploadedWith({ ...refusal, status: 415, retryAfter: null });
    expect(refused).toEqual({ kind: 'refused', reason: 'no' });
  });
});
