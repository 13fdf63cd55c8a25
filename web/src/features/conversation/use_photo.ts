import { useEffect, useState } from 'react';
import { keepLocal, localAddress } from '../../store/local_images';
import { currentSession } from '../../sync/account';
import { renewPhotos } from '../../sync/photos';
import { ownAddress } from './photo_address';
import type { Row } from './rows';

interface Shown {
  /** Undefined: not known yet. */
  address: string | undefined;
  hasFailed: boolean;
  onFailed: () => void;
  retry: () => void;
}

/** Where the picture of a row is: on this device when it was sent from here, else on the server. */
export function usePhoto({ key, pending, message }: Row): Shown {
  const [local, setLocal] = useState(() => localAddress(pending?.clientId ?? message?.clientId));
  const [failedAddress, setFailedAddress] = useState<string | null>(null);
  const isKeptOnly = pending?.image !== undefined && local === undefined;
  useEffect(() => {
    if (!isKeptOnly) return;
    let isGone = false;
    void currentSession()
      ?.pendingImage(key)
      .then((blob) => {
        if (blob && !isGone) setLocal(keepLocal(key, blob));
      });
    return () => {
      isGone = true;
    };
  }, [isKeptOnly, key]);

  const remote = message?.image && ownAddress(message.image.thumbUrl);
  const address = local ?? remote;
  const renew = () => {
    if (message) void renewPhotos(message.chatId, message.seq);
  };
  return {
    address,
    hasFailed: failedAddress !== null && failedAddress === address,
    onFailed: () => {
      setFailedAddress(address ?? null);
      renew();
    },
    retry: () => {
      setFailedAddress(null);
      renew();
    },
  };
}
