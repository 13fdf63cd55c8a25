const firstMs = 500;
const longestMs = 30_000;

/** How long to wait before the `attempt`th reconnect (from 0): equal jitter, so that a restarted server is not run over. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random() / 2));
}
