import type { ClientId } from '../api/types';

const most = 40;

/** Addresses of this person's own images that were sent from here, oldest first. */
const addresses = new Map<ClientId, string>();

/**
 * Gives the bytes of an image an address for this page. It stays when the message is stored, so the bubble shows the same
 * picture and nothing is fetched again.
 */
export function keepLocal(clientId: ClientId, image: Blob | string): string {
  const known = addresses.get(clientId);
  if (known !== undefined) return known;
  const address = typeof image === 'string' ? image : URL.createObjectURL(image);
  addresses.set(clientId, address);
  for (const [id, old] of addresses) {
    if (addresses.size <= most) break;
    addresses.delete(id);
    URL.revokeObjectURL(old);
  }
  return address;
}

export function localAddress(clientId: ClientId | undefined): string | undefined {
  return clientId === undefined ? undefined : addresses.get(clientId);
}
