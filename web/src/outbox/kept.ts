import { get, promisifyRequest, type UseStore } from 'idb-keyval';
import type { ClientId } from '../api/types';
import type { Pending } from '../store/state';

const listKey = 'outbox';
const imageKey = (clientId: ClientId) => `image:${clientId}`;

export interface NewImage {
  clientId: ClientId;
  blob: Blob;
}

type Change = (items: Pending[]) => Pending[];

/**
 * The outbox in IndexedDB: its list under one key, the bytes of each image under a key of their own, both changed in one
 * transaction. What the browser has no room for, or all of it where there is no IndexedDB, lives in this tab alone: still
 * better than no message.
 */
export class KeptOutbox {
  #database: UseStore;
  #items: Pending[] = [];
  /** Those that only this tab has, with their images. */
  #loose = new Map<ClientId, Blob | undefined>();

  constructor(database: UseStore) {
    this.#database = database;
  }

  /** Oldest first, as it was read or written last. */
  get items(): readonly Pending[] {
    return this.#items;
  }

  async read(): Promise<void> {
    try {
      const kept = await get<Pending[]>(listKey, this.#database);
      this.#items = [...(kept ?? []), ...this.#looseItems()];
    } catch {
      // What is known stays.
    }
  }

  async image(clientId: ClientId): Promise<Blob | undefined> {
    const loose = this.#loose.get(clientId);
    return loose ?? get<Blob>(imageKey(clientId), this.#database).catch(() => undefined);
  }

  /** What the list loses loses its image too. */
  async change(by: Change, added?: NewImage): Promise<void> {
    try {
      await this.#database('readwrite', (store) => this.#write(store, by, added));
    } catch {
      const known = new Set(this.#items.map((one) => one.clientId));
      this.#items = by(this.#items);
      for (const { clientId } of this.#items) {
        if (!known.has(clientId)) this.#loose.set(clientId, added?.blob);
      }
    }
    const left = new Set(this.#items.map((one) => one.clientId));
    for (const clientId of this.#loose.keys()) if (!left.has(clientId)) this.#loose.delete(clientId);
  }

  #looseItems(): Pending[] {
    return this.#items.filter((one) => this.#loose.has(one.clientId));
  }

  async #write(store: IDBObjectStore, by: Change, added?: NewImage): Promise<void> {
    const done = promisifyRequest(store.transaction);
    done.catch(() => {}); // also where something below throws first
    const before = (await promisifyRequest<Pending[] | undefined>(store.get(listKey))) ?? [];
    const after = by([...before, ...this.#looseItems()]);
    const left = new Set(after.map((one) => one.clientId));
    for (const one of before) if (one.image && !left.has(one.clientId)) store.delete(imageKey(one.clientId));
    if (added) store.put(added.blob, imageKey(added.clientId));
    store.put(
      after.filter((one) => !this.#loose.has(one.clientId)),
      listKey,
    );
    await done;
    this.#items = after;
  }
}
