import { useEffect } from 'react';
import { badgeCount } from '../../i18n/format';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { unreadInAll } from '../../store/chats';

/** The icon with a dot, as an address: made once. */
async function iconWithDot(): Promise<string> {
  const text = await (await fetch('/icon.svg')).text();
  const dot = '<circle cx="51" cy="13" r="12" fill="#e5484d" stroke="#fff" stroke-width="3"/></svg>';
  return `data:image/svg+xml,${encodeURIComponent(text.replace('</svg>', dot))}`;
}

let dotted: Promise<string> | null = null;

async function showIcon(hasNews: boolean): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  dotted ??= hasNews ? iconWithDot() : null;
  link.href = hasNews && dotted ? await dotted.catch(() => '/icon.svg') : '/icon.svg';
}

/** Unread messages in the title of the page, on its icon and on the installed app's. */
export function useTitle(): void {
  const unread = useStore((state) => unreadInAll(state.chats));
  useEffect(() => {
    document.title = unread > 0 ? `(${badgeCount(unread)}) ${t('app.name')}` : t('app.name');
    void showIcon(unread > 0);
    const badge = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
    badge?.catch(() => {});
    return () => {
      document.title = t('app.name');
      void showIcon(false);
    };
  }, [unread]);
}
