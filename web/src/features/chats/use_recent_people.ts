import { useMemo } from 'react';
import type { User } from '../../api/types';
import { useStore } from '../../store';
import { inOrder, peerOf } from '../../store/chats';

const mostShown = 8;

/** People of the loaded chats whose name has the text, newest first. */
export function useRecentPeople(text: string): { user: User; chatId: string }[] {
  const chats = useStore((state) => state.chats);
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.session.me?._id);
  return useMemo(() => {
    const wanted = text.toLocaleLowerCase();
    return inOrder(chats)
      .flatMap((chat) => {
        const user = users[peerOf(chat, me)];
        return user?.name.toLocaleLowerCase().includes(wanted) ? [{ user, chatId: chat._id }] : [];
      })
      .slice(0, mostShown);
  }, [chats, users, me, text]);
}
