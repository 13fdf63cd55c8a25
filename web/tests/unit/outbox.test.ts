import 'fake-indexeddb/auto';
import { webcrypto } from 'node:crypto';
import { createStore } from 'idb-keyval';
import { describe, expect, test, vi } from 'vitest';
import type { Message } from '../../src/api/types';
import { newClientId } from '../../src/outbox/client_id';
import { type Attempt, Outbox, type OutboxOptions, type Sent } from '../../src/outbox/outbox';
import type { Pending } from '../../src/store/state';

// Node 18 has no global one; every browser has.
vi.stubGlobal('crypto', webcrypto);

function item(clientId: string, chatId = 'c1'): Pending {
  return { clientId, chatId, text: clientId, createdAt: 0, state: 'queued', reason: null };
}

function stored({ clientId, chatId }: Pending): Sent {
  const at = '2026-11-21T10:00:00.000Z';
  const common = { _id: clientId, chatId, seq: 1, sender: 'me', messageType: 'text' as const, seen: false };
  return { kind: 'stored', message: { ...common, clientId, createdAt: at, updatedAt: at, __v: 0 } };
}

// As browsers have it: the keys are properties.
class Storage {
  [key: string]: unknown;
  setItem(key: string, value: string) {
    this[key] = value;
  }
  removeItem(key: string) {
    delete this[key];
  }
}
vi.stubGlobal('localStorage', new Storage());

let databases = 0;

function bench(
  send: (one: Pending, attempt: Attempt) => Promise<Sent>,
  name = `outbox-${databases++}`,
  database = createStore(name, 'kept'),
) {
  const sent: string[] = [];
  const arrived: Message[] = [];
  let kept: Pending[] = [];
  const options: OutboxOptions = {
    database,
    journal: `${name}-`,
    send: (one, attempt) => {
      sent.push(one.clientId);
      return send(one, attempt);
    },
    onStored: (message) => arrived.push(message),
    onChange: (items) => {
      kept = items;
    },
    onState: () => {},
    exclusively: (_, work) => work(),
    retryAfterMs: 1,
  };
  return { outbox: new Outbox(options), sent, arrived, kept: () => kept, name };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve));
}

describe('the outbox', () => {
  test('a text is safe at once, before the database has it', async () => {
    const never = () => new Promise<Sent>(() => {});
    const before = bench(never, undefined, () => new Promise(() => {}));
    void before.outbox.add(item('a1'));
    void before.outbox.add(item('a2'));
    // The page is gone; the next one finds them, in order.
    const { outbox, kept } = bench(never, before.name);
    await outbox.begin();
    expect(kept().map((one) => one.clientId)).toEqual(['a1', 'a2']);
    // And once only.
    expect(Object.keys(localStorage).filter((key) => key.startsWith(before.name))).toEqual([]);
  });

  test('sends in order, one at a time in a chat, and keeps nothing that is stored', async () => {
    let inFlight = 0;
    const { outbox, sent, kept, arrived } = bench(async (one) => {
      expect(++inFlight).toBe(1);
      await Promise.resolve();
      inFlight--;
      return stored(one);
    });
    for (const id of ['1', '2', '3', '4']) await outbox.add(item(id));
    await until(() => arrived.length === 4 && kept().length === 0);
    expect(sent).toEqual(['1', '2', '3', '4']);
  });

  test('tries again with the same id when nobody answered, and lets nothing overtake', async () => {
    let tries = 0;
    const { outbox, sent, kept } = bench(async (one) => (++tries < 4 ? { kind: 'later' } : stored(one)));
    await outbox.add(item('1'));
    await outbox.add(item('2'));
    await until(() => kept().length === 0);
    expect(sent.filter((id) => id === '1').length).toBeGreaterThan(1);
    expect(sent.indexOf('2')).toBeGreaterThan(sent.lastIndexOf('1') - 1);
    expect(sent.at(-1)).toBe('2');
  });

  test('waits as long as the server says, before it tries again', async () => {
    const tried: number[] = [];
    const { outbox, kept } = bench(async (one) => {
      tried.push(performance.now());
      return tried.length === 1 ? { kind: 'later', afterMs: 120 } : stored(one);
    });
    await outbox.add(item('1'));
    await until(() => kept().length === 0);
    expect(tried).toHaveLength(2);
    expect((tried[1] ?? 0) - (tried[0] ?? 0)).toBeGreaterThan(110);
  });

  test('pauses no longer for many chats that fail at once than for one', async () => {
    const first = bench(async () => ({ kind: 'later' }));
    for (let i = 0; i < 12; i++) await first.outbox.add(item(`${i}`, `c${i}`));
    first.outbox.close();
    let isOpen = false;
    const second = bench(async (one) => (isOpen ? stored(one) : { kind: 'later' }), first.name);
    await second.outbox.flush();
    isOpen = true;
    const began = performance.now();
    await until(() => second.arrived.length === 12);
    expect(performance.now() - began).toBeLessThan(500);
  });

  test('survives the page: another one finds and sends what was left', async () => {
    const first = bench(async () => ({ kind: 'later' }));
    await first.outbox.add(item('1'));
    first.outbox.close();
    const second = bench(async (one) => stored(one), first.name);
    await second.outbox.load();
    expect(second.kept().map((one) => one.clientId)).toEqual(['1']);
    await second.outbox.flush();
    expect(second.arrived).toHaveLength(1);
    expect(second.kept()).toEqual([]);
  });

  test('keeps a refused message with its reason, and lets the next ones go', async () => {
    const { outbox, kept, arrived } = bench(async (one) =>
      one.clientId === '1' ? { kind: 'refused', reason: 'too long' } : stored(one),
    );
    await outbox.add(item('1'));
    await outbox.add(item('2'));
    await until(() => arrived.length === 1 && kept().length === 1);
    expect(kept()[0]).toMatchObject({ clientId: '1', state: 'failed', reason: 'too long' });
    await outbox.remove('1');
    expect(kept()).toEqual([]);
  });

  test('keeps the bytes of an image over the page, and lets them go with the message', async () => {
    const photo = { ...item('1'), image: { name: 'a.png', width: 2, height: 1 } };
    const first = bench(async () => ({ kind: 'later' }));
    await first.outbox.add(photo, new Blob(['bytes']));
    first.outbox.close();
    const got: string[] = [];
    const second = bench(async (one, { image }) => {
      got.push((await image?.text()) ?? 'nothing');
      return stored(one);
    }, first.name);
    await second.outbox.flush();
    expect(got).toEqual(['bytes']);
    expect(await second.outbox.image('1')).toBeUndefined();
  });

  test('what the browser has no room for is sent all the same, and does not vanish meanwhile', async () => {
    const name = `outbox-${databases++}`;
    const real = createStore(name, 'kept');
    const full: typeof real = (mode, work) =>
      real(mode, (store) => {
        const put = store.put.bind(store);
        store.put = (value: unknown, key?: IDBValidKey) => {
          if (value instanceof Blob) throw new DOMException('full', 'QuotaExceededError');
          return put(value, key);
        };
        return work(store);
      });
    let isOpen = false;
    const got: string[] = [];
    const { outbox, kept } = bench(
      async (one, { image }) => {
        if (!isOpen) return { kind: 'later' };
        got.push(`${one.clientId} ${(await image?.text()) ?? ''}`);
        return stored(one);
      },
      name,
      full,
    );
    await outbox.add({ ...item('1'), image: { name: 'a.png', width: 2, height: 1 } }, new Blob(['bytes']));
    await outbox.add(item('2', 'c2'));
    await outbox.load();
    expect(
      kept()
        .map((one) => one.clientId)
        .sort(),
    ).toEqual(['1', '2']);
    isOpen = true;
    await until(() => kept().length === 0);
    expect(got.sort()).toEqual(['1 bytes', '2 ']);
  });

  test('an image that the browser has thrown away fails, and holds nothing up', async () => {
    const { outbox, kept, arrived } = bench(async (one) => stored(one));
    await outbox.add({ ...item('1'), image: { name: 'a.png', width: 2, height: 1 } });
    await outbox.add(item('2'));
    await until(() => arrived.length === 1 && kept().length === 1);
    expect(kept()[0]).toMatchObject({ clientId: '1', state: 'failed', reason: '' });
  });

  test('taking back what is being sent stops it, and the next one goes', async () => {
    const { outbox, arrived, kept } = bench((one, { signal }) => {
      if (one.clientId === '2') return Promise.resolve(stored(one));
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'later' })));
    });
    await outbox.add(item('1'));
    await outbox.add(item('2'));
    await outbox.remove('1');
    await until(() => arrived.length === 1 && kept().length === 0);
    expect(arrived[0]?.clientId).toBe('2');
  });

  test('a long upload in one chat does not hold a message that is written later in another', async () => {
    const { outbox, arrived } = bench((one) =>
      one.chatId === 'c1' ? new Promise<Sent>(() => {}) : Promise.resolve(stored(one)),
    );
    await outbox.add(item('1', 'c1'));
    await Promise.resolve();
    await outbox.add(item('2', 'c2'));
    await until(() => arrived.length === 1);
    outbox.close();
  });

  test('one chat that waits does not hold another', async () => {
    const { outbox, arrived } = bench(async (one) => (one.chatId === 'c1' ? { kind: 'later' } : stored(one)));
    await outbox.add(item('1', 'c1'));
    await outbox.add(item('2', 'c2'));
    await until(() => arrived.length === 1);
    expect(arrived[0]?.clientId).toBe('2');
    outbox.close();
  });
});

test('client ids are UUIDv7: unique, and in the order of their times', () => {
  const ids = Array.from({ length: 500 }, (_, i) => newClientId(1_800_000_000_000 + i));
  expect(new Set(ids).size).toBe(500);
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
