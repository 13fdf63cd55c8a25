import { useMemo } from 'react';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { timelineOf } from '../../store/messages';
import type { Pending } from '../../store/state';
import { Viewer } from '../viewer/viewer';
import { picturesOf } from './pictures';
import { daysOf } from './rows';

const nobodyWaits: Pending[] = [];

interface Props {
  chatId: string;
  peerName: string;
  openKey: string;
  onOpen: (key: string | null) => void;
}

/** The viewer over a conversation, with all pictures of it that are loaded. */
export function ViewerLayer({ chatId, peerName, openKey, onOpen }: Props) {
  const me = useStore((state) => state.session.me?._id);
  const { items } = useStore((state) => timelineOf(state, chatId));
  const pending = useStore((state) => state.pending[chatId] ?? nobodyWaits);
  const pictures = useMemo(() => {
    const rows = daysOf(items, pending, me, null).flatMap((day) => day.rows);
    return picturesOf(rows, (row) => (row.isMine ? t('message.you') : peerName));
  }, [items, pending, me, peerName]);
  return <Viewer pictures={pictures} openKey={openKey} onOpen={onOpen} onClose={() => onOpen(null)} />;
}
