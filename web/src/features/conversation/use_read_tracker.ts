import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { currentSession } from '../../sync/account';

const dwellMs = 300;

function isWatched(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** The newest message of the other one of which at least half is on the screen. */
function newestVisible(scroller: HTMLElement): number {
  const { top, bottom } = scroller.getBoundingClientRect();
  const rows = [...scroller.querySelectorAll<HTMLElement>('[data-seq]:not([data-mine])')];
  for (const row of rows.reverse()) {
    const box = row.getBoundingClientRect();
    const visible = Math.min(bottom, box.bottom) - Math.max(top, box.top);
    if (visible >= Math.min(box.height, bottom - top) / 2) return Number(row.dataset.seq);
  }
  return 0;
}

/**
 * Tells the session what was really seen: half of the row on the screen of a focused window for 300 ms. The function
 * that it gives is called when rows came or moved.
 */
export function useReadTracker(chatId: string, scroller: RefObject<HTMLElement | null>): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const look = useCallback(() => {
    const element = scroller.current;
    if (!element || timer.current !== undefined || !isWatched()) return;
    const candidate = newestVisible(element);
    if (candidate === 0) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!isWatched()) return;
      const now = newestVisible(element);
      currentSession()?.saw(chatId, Math.min(candidate, now));
      if (now > candidate) look();
    }, dwellMs);
  }, [chatId, scroller]);

  useEffect(() => {
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);
  return look;
}
