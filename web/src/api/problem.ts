/** What went wrong with a call. `network`: no answer came at all. */
export type Problem =
  | { kind: 'network' }
  | {
      kind: 'server';
      status: number;
      code: string;
      message: string;
      requestId: string;
      /** Seconds, of a 429 or 503. */
      retryAfter: number | null;
    };

/** The one way errors travel in this client: as values. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

function textOf(body: unknown, key: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value = (body as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : '';
}

function secondsOf(header: string | null): number | null {
  const seconds = Number.parseInt(header ?? '', 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

/** Reads any answer that is not a success, also one that a proxy made. `header` gives null for one that is not there. */
export function problemOf(status: number, header: (name: string) => string | null, body: unknown): Problem {
  return {
    kind: 'server',
    status,
    code: textOf(body, 'code') || `http_${status}`,
    message: textOf(body, 'message'),
    requestId: textOf(body, 'requestId') || (header('x-request-id') ?? ''),
    retryAfter: secondsOf(header('retry-after')),
  };
}

export function isStatus(problem: Problem, ...statuses: number[]): boolean {
  return problem.kind === 'server' && statuses.includes(problem.status);
}
