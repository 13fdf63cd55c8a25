import type { ClientId } from '../api/types';
import type { Pending } from '../store/state';

/**
 * Texts that are on the page and not in the database yet. localStorage is written at once, so that a page which is
 * reloaded or closed in that moment loses none. Without it, or for an image, the moment stays.
 */
export class Journal {
  #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  note(item: Pending): void {
    try {
      localStorage.setItem(this.#prefix + item.clientId, JSON.stringify(item));
    } catch {}
  }

  forget(clientId: ClientId): void {
    try {
      localStorage.removeItem(this.#prefix + clientId);
    } catch {}
  }

  /** Oldest first: the ids begin with the time. */
  left(): Pending[] {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix));
      return keys.sort().map((key) => JSON.parse(localStorage[key]) as Pending);
    } catch {
      return [];
    }
  }
}
