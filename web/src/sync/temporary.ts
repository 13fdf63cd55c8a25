import type { ErrorCode } from '../api/types';

/** Refusals of the socket that time heals: what was asked for is asked for again later. */
const temporary: ReadonlySet<string> = new Set<ErrorCode>([
  'message_limit',
  'mark_limit',
  'unavailable',
  'timeout',
  'storage_full',
  'internal',
]);

export function isTemporary(code: string): boolean {
  return temporary.has(code);
}
