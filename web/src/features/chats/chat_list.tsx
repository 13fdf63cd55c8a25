import { type KeyboardEvent, type UIEvent, useEffect, useRef, useState } from 'react';
import type { Chat } from '../../api/types';
import { loadMoreChats } from '../../sync/history';
import { ChatRow } from './chat_row';
import { useFlip } from './use_flip';
import { useHeldOrder } from './use_held_order';

const firstRows = 100;
const moreRows = 50;
const nearEndPx = 400;

/** Arrow keys move through the rows; Tab sees the list as one stop. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isEdge = event.key === 'Home' || event.key === 'End';
  if ((step === undefined && !isEdge) || event.altKey || event.ctrlKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = step === undefined ? rows.at(event.key === 'Home' ? 0 : -1) : rows[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function ChatList({ chats, openId }: { chats: Chat[]; openId: string | null }) {
  const list = useRef<HTMLUListElement>(null);
  const [count, setCount] = useState(firstRows);
  const [focused, setFocused] = useState<string | null>(null);
  const held = useHeldOrder(chats, list);
  const shown = held.slice(0, count);
  useFlip(list, shown);

  useEffect(() => {
    if (openId) list.current?.querySelector(`[data-chat="${openId}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [openId]);

  function scrolled(event: UIEvent<HTMLUListElement>) {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight > nearEndPx) return;
    if (count < held.length) setCount(count + moreRows);
    else void loadMoreChats();
  }

  const tabStop = [focused, openId].find((id) => shown.some((chat) => chat._id === id)) ?? shown[0]?._id;
  return (
    <ul
      ref={list}
      onScroll={scrolled}
      onKeyDown={moveFocus}
      onFocus={(event) => setFocused(event.target.closest<HTMLElement>('[data-chat]')?.dataset.chat ?? null)}
      className="scroll-quiet relative min-h-0 flex-1 overflow-y-auto px-2 pb-2"
    >
      {shown.map((chat) => (
        <ChatRow key={chat._id} chat={chat} isOpen={chat._id === openId} isTabStop={chat._id === tabStop} />
      ))}
    </ul>
  );
}
