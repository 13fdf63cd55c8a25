import { type RefObject, useEffect } from 'react';

const restMs = 1_200;
/** So far below the top of its day a name lies over messages. */
const overPx = 16;

/** The name of a day lies over the messages while somebody scrolls, to tell where they are; it goes when they read. */
export function useQuietDays(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const list = scroller.current;
    if (!list) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const names = () => list.querySelectorAll('h2');
    const rest = () => {
      for (const name of names()) {
        const day = name.parentElement?.getBoundingClientRect().top ?? 0;
        name.toggleAttribute('data-over', name.getBoundingClientRect().top - day > overPx);
      }
    };
    const scrolled = () => {
      clearTimeout(timer);
      // What comes while somebody reads at the end scrolls too.
      if (list.scrollHeight - list.scrollTop - list.clientHeight < 2) return rest();
      for (const name of names()) name.removeAttribute('data-over');
      timer = setTimeout(rest, restMs);
    };
    rest();
    list.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      clearTimeout(timer);
      list.removeEventListener('scroll', scrolled);
    };
  }, [scroller]);
}
