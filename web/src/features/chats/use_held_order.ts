import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Chat } from '../../api/types';

/**
 * The chats in their order; while a pointer is down on the list they keep their places, so that a click never lands
 * on a row that has just moved there.
 */
export function useHeldOrder(chats: Chat[], list: RefObject<HTMLElement | null>): Chat[] {
  const [isDown, setIsDown] = useState(false);
  const before = useRef<string[]>([]);
  useEffect(() => {
    const element = list.current;
    const down = () => setIsDown(true);
    // After the click that may follow.
    const up = () => setTimeout(() => setIsDown(false));
    element?.addEventListener('pointerdown', down);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', up);
    return () => {
      element?.removeEventListener('pointerdown', down);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', up);
    };
  }, [list]);
  if (!isDown) {
    before.current = chats.map((chat) => chat._id);
    return chats;
  }
  const byId = new Map(chats.map((chat) => [chat._id, chat]));
  const kept = before.current.flatMap((id) => byId.get(id) ?? []);
  const added = chats.filter((chat) => !before.current.includes(chat._id));
  return [...kept, ...added];
}
