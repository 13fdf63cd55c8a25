import createClient from 'openapi-fetch';
import { type Outcome, type Problem, problemOf } from './problem';
import type { paths } from './schema';

const patienceMs = 20_000;

/** Same origin: the session is an HttpOnly cookie that this code never sees. */
export const api = createClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(patienceMs) }),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

type Listener = () => void;
let onLoggedOut: Listener = () => {};

/** Called when the server says that the session is over. */
export function whenLoggedOut(listener: Listener): void {
  onLoggedOut = listener;
}

/** The problem of an answer that is not a success. A 401 logs out. */
export function refused(status: number, header: (name: string) => string | null, body: unknown): Problem {
  if (status === 401) onLoggedOut();
  return problemOf(status, header, body);
}

/** Makes an Outcome of a call of `api`. Never throws. */
export async function outcome<T>(call: Promise<Answer<T>>): Promise<Outcome<T>> {
  try {
    const { data, error, response } = await call;
    if (response.ok && data !== undefined) return { ok: true, value: data };
    return { ok: false, problem: refused(response.status, (name) => response.headers.get(name), error) };
  } catch {
    return { ok: false, problem: { kind: 'network' } };
  }
}
