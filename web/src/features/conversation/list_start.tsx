import { t } from '../../i18n/t';
import { useStore } from '../../store';

interface Props {
  hasOlder: boolean;
  isLoading: boolean;
  peerName: string;
}

/** Above the first message: the beginning, or that there is more. Its height never changes, so nothing below jumps. */
export function ListStart({ hasOlder, isLoading, peerName }: Props) {
  const isOffline = useStore((state) => state.connection.phase !== 'open');
  let text = '';
  if (!hasOlder) text = t('conversation.start', { name: peerName });
  else if (isOffline) text = t('conversation.olderOffline');
  else if (isLoading) text = t('conversation.loadingOlder');
  return (
    <p className="flex min-h-12 items-center justify-center px-6 pt-3 text-center text-muted text-sm">
      {text && <span className="text-balance rounded-2xl bg-surface px-3 py-1">{text}</span>}
    </p>
  );
}
