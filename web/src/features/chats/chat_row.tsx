import { memo } from 'react';
import { Link } from 'wouter';
import type { Chat } from '../../api/types';
import { badgeCount, fullTime, listTime } from '../../i18n/format';
import { t, tCount } from '../../i18n/t';
import { useStore } from '../../store';
import { imageText, peerOf } from '../../store/chats';
import type { State } from '../../store/state';
import { tickOf } from '../../store/ticks';
import { Avatar } from '../../ui/avatar';
import { ImageIcon } from '../../ui/icons';
import { Ticks } from '../../ui/ticks';

interface Props {
  chat: Chat;
  isOpen: boolean;
  isTabStop: boolean;
}

/** A picture without a text is called by its kind. */
function Words({ text, isPhoto }: { text: string; isPhoto: boolean }) {
  return (
    <>
      {isPhoto && <ImageIcon className="me-1 inline-block size-4 align-[-0.2em]" />}
      <bdi>{text || (isPhoto ? t('message.image') : '')}</bdi>
    </>
  );
}

/** The line below the name: who types, a draft, or the newest message. */
function Preview({ chat, me }: { chat: Chat; me: string | undefined }) {
  const isTyping = useStore((state) => state.typing[chat._id] !== undefined);
  const draft = useStore((state) => state.drafts[chat._id]?.trim());
  const waiting = useStore((state) => state.pending[chat._id]?.at(-1));
  const { latestMessage: latest } = chat;
  if (isTyping) return <span className="text-accent">{t('chats.typing')}</span>;
  if (draft) {
    return (
      <>
        <span className="text-danger">{t('chats.draft')}</span> {draft}
      </>
    );
  }
  if (waiting) {
    return (
      <>
        <Ticks tick={waiting.state === 'failed' ? 'failed' : 'waiting'} />{' '}
        <Words text={waiting.text} isPhoto={waiting.image !== undefined} />
      </>
    );
  }
  if (!latest) return <span className="italic">{t('chats.noMessages')}</span>;
  const isMine = latest.sender === me;
  return (
    <>
      {isMine && <Ticks tick={tickOf({ seq: chat.lastSeq }, chat)} />}{' '}
      <Words text={latest.text === imageText ? '' : latest.text} isPhoto={latest.messageType === 'image'} />
    </>
  );
}

function presenceOf(state: State, userId: string): boolean | undefined {
  return state.online ? (state.online[userId] ?? false) : undefined;
}

function UnreadBadge({ count }: { count: number }) {
  return (
    <span
      data-badge
      className="inline-flex h-5.5 min-w-5.5 items-center justify-center rounded-full bg-accent px-1.5 font-bold text-on-accent text-xs tabular-nums"
    >
      <span aria-hidden="true">{badgeCount(count)}</span>
      <span className="sr-only">{tCount('chats.unread', count, badgeCount(count))}</span>
    </span>
  );
}

export const ChatRow = memo(function ChatRow({ chat, isOpen, isTabStop }: Props) {
  const me = useStore((state) => state.session.me?._id);
  const peerId = peerOf(chat, me);
  const peer = useStore((state) => state.users[peerId]) ?? { _id: peerId, name: '…' };
  const online = useStore((state) => presenceOf(state, peerId));
  const { latestMessage: latest, unseenCount } = chat;
  return (
    <li data-chat={chat._id}>
      <Link
        href={`/chat/${chat._id}`}
        aria-current={isOpen ? 'page' : undefined}
        tabIndex={isTabStop ? 0 : -1}
        data-landmark-start={isTabStop || undefined}
        className={`flex items-center gap-3 rounded-2xl px-2.5 py-2 -outline-offset-2 ${isOpen ? 'bg-accent-soft' : 'hover:bg-raised'}`}
      >
        <Avatar user={peer} online={online} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={`flex-1 truncate ${unseenCount > 0 ? 'font-bold' : 'font-semibold'}`} dir="auto">
              {peer.name}
            </span>
            {online !== undefined && (
              <span className="sr-only">{t(online ? 'chats.online' : 'chats.offline')}</span>
            )}
            {latest && (
              <time
                dateTime={latest.createdAt}
                title={fullTime(latest.createdAt)}
                className="shrink-0 text-muted text-xs"
              >
                {listTime(latest.createdAt)}
              </time>
            )}
          </span>
          <span className="flex min-h-5.5 items-center gap-2">
            <span
              className={`min-w-0 flex-1 truncate text-sm ${unseenCount > 0 ? 'text-text' : 'text-muted'}`}
              dir="auto"
            >
              <Preview chat={chat} me={me} />
            </span>
            {unseenCount > 0 && <UnreadBadge count={unseenCount} />}
          </span>
        </span>
      </Link>
    </li>
  );
});
