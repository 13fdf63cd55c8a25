/**
 * An address of an image on this page's own server. A server that knows its public address names it in full, but the page
 * may have been opened by another one, and loads from its own origin only.
 */
export function ownAddress(address: string): string {
  const { pathname, search } = new URL(address, window.location.origin);
  return pathname + search;
}
