import type { Chat } from '../../api/types';
import { badgeCount } from '../../i18n/format';
import { t, tCount } from '../../i18n/t';
import { DownIcon } from '../../ui/icons';

interface Props {
  chat: Chat | undefined;
  isAtEnd: boolean;
  onGo: () => void;
}

/** For who reads above: the way down, and how much came meanwhile. */
export function NewPill({ chat, isAtEnd, onGo }: Props) {
  const count = chat?.unseenCount ?? 0;
  const text = count > 0 ? tCount('conversation.newBelow', count, badgeCount(count)) : '';
  return (
    <div className="pointer-events-none absolute end-4 bottom-4 z-10 flex justify-end">
      {!isAtEnd && (
        <button
          type="button"
          onClick={onGo}
          aria-label={text ? `${text}. ${t('conversation.toEnd')}` : t('conversation.toEnd')}
          title={t('conversation.toEnd')}
          className="enter pointer-events-auto inline-flex h-11 min-w-11 items-center justify-center gap-2 rounded-full border border-line bg-surface px-3 font-semibold text-sm shadow-md hover:bg-raised"
        >
          {text && <span>{text}</span>}
          <DownIcon />
        </button>
      )}
      <span role="status" className="sr-only">
        {isAtEnd ? '' : text}
      </span>
    </div>
  );
}
