import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { User } from '../../api/types';
import { listTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { Avatar } from '../../ui/avatar';
import { BackIcon } from '../../ui/icons';

/** What is known of the other one now: typing, online, when last; nothing while we are not connected. */
function PresenceLine({ chatId, peer }: { chatId: string; peer: User }) {
  const isTyping = useStore((state) => state.typing[chatId] !== undefined);
  const online = useStore((state) => (state.online ? (state.online[peer._id] ?? false) : undefined));
  if (isTyping) return <span className="text-accent">{t('conversation.typing', { name: peer.name })}</span>;
  if (online === undefined) return null;
  if (online) return <span className="text-online">{t('conversation.online')}</span>;
  if (peer.lastSeenAt) return <span>{t('conversation.lastSeen', { time: listTime(peer.lastSeenAt) })}</span>;
  return <span>{t('conversation.offline')}</span>;
}

export function ConversationHeader({ chatId, peer }: { chatId: string; peer: User }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const online = useStore((state) => (state.online ? (state.online[peer._id] ?? false) : undefined));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat is another page for who hears it
  useEffect(() => {
    // Where there is a keyboard the box below has the focus; on a phone that would open the screen's keyboard.
    if (window.matchMedia('(pointer: coarse)').matches) heading.current?.focus();
  }, [chatId]);
  return (
    <header className="flex min-h-16 items-center gap-3 border-line border-b bg-surface px-3 pane:px-5">
      <Link
        href="/"
        aria-label={t('conversation.back')}
        className="-ms-2 inline-flex size-11 items-center justify-center rounded-full text-muted hover:bg-raised pane:hidden"
      >
        <BackIcon />
      </Link>
      <Avatar user={peer} size="small" online={online} />
      <div className="min-w-0 flex-1">
        <h1 ref={heading} tabIndex={-1} className="truncate font-bold outline-none" dir="auto">
          {peer.name}
        </h1>
        <p className="truncate text-muted text-sm empty:hidden" data-presence>
          <PresenceLine chatId={chatId} peer={peer} />
        </p>
      </div>
    </header>
  );
}
