import { useEffect } from 'react';
import type { Message } from '../../api/types';
import { t } from '../../i18n/t';
import { read } from '../../store';
import { whenEvent } from '../../sync/account';
import { isNews } from '../../sync/events';
import { announce } from '../../ui/announcer';

const openChatEveryMs = 1_000;
const otherChatEveryMs = 30_000;

/** Speaks of news: the open chat's messages at most once a second, another chat's at most twice a minute. */
function makeSpeaker(): (message: Message) => void {
  const lastOther = new Map<string, number>();
  let lastOpen = 0;
  let missed = 0;
  return (message) => {
    const state = read();
    const name = state.users[message.sender]?.name ?? '';
    const now = Date.now();
    if (message.chatId !== state.openChat) {
      if (now - (lastOther.get(message.chatId) ?? 0) < otherChatEveryMs) return;
      lastOther.set(message.chatId, now);
      announce(t('announce.other', { name }));
      return;
    }
    missed++;
    if (now - lastOpen < openChatEveryMs) return;
    lastOpen = now;
    announce(
      missed > 1
        ? t('announce.many', { count: missed })
        : t('announce.message', { name, text: message.text || t('message.image') }),
    );
    missed = 0;
  };
}

export function useAnnouncements(): void {
  useEffect(() => {
    const speak = makeSpeaker();
    whenEvent((event) => {
      if (event.event === 'newMessage' && isNews(event)) speak(event.data);
    });
    return () => whenEvent(() => {});
  }, []);
}
