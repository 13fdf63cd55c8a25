import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../../api/types';
import { read } from '../../store';
import { currentSession } from '../../sync/account';
import { loadOlder } from '../../sync/history';
import { ScrollAnchor } from './anchor';
import { keyOf } from './rows';
import { extendDown, extendUp, followEnd, type Window, windowAround, windowAtEnd } from './window';

const screensAhead = 1.5;

interface Options {
  chatId: string;
  items: Message[];
  hasOlder: boolean;
  /** Where what is unread begins, when the chat is opened. */
  dividerSeq: number | null;
  scroller: RefObject<HTMLElement | null>;
  content: RefObject<HTMLElement | null>;
  onMoved: () => void;
}

/** The window of mounted messages and the place in it. See anchor.ts and window.ts for the rules. */
export function useMessageScroll({
  chatId,
  items,
  hasOlder,
  dividerSeq,
  scroller,
  content,
  onMoved,
}: Options) {
  const [shown, setShown] = useState<Window>(() =>
    dividerSeq === null ? windowAtEnd(items) : windowAround(items, dividerSeq),
  );
  const [isAtEnd, setIsAtEnd] = useState(true);
  const anchor = useRef<ScrollAnchor | null>(null);
  const isOpened = useRef(false);

  const fill = useCallback(() => {
    const element = scroller.current;
    if (!element || !isOpened.current) return;
    const ahead = element.clientHeight * screensAhead;
    // Rows that hold the focus or a selection must not be let go.
    const isHeld = element.contains(document.activeElement) && document.activeElement !== element;
    if (element.scrollTop < ahead) {
      const more = extendUp(shown, items);
      if (more) setShown(isHeld ? { first: more.first, last: shown.last } : more);
      else if (hasOlder) void loadOlder(chatId);
    } else if (element.scrollHeight - element.scrollTop - element.clientHeight < ahead) {
      const more = extendDown(shown, items);
      if (more) setShown(isHeld ? { first: shown.first, last: more.last } : more);
    }
  }, [chatId, items, hasOlder, shown, scroller]);

  const tellEnd = useCallback(() => {
    const atEnd = anchor.current?.isStuck ?? true;
    setIsAtEnd(atEnd);
    currentSession()?.setReading(atEnd);
  }, []);

  const scrolled = useCallback(() => {
    anchor.current?.scrolled(shown.last === null);
    tellEnd();
    fill();
    onMoved();
  }, [shown, fill, onMoved, tellEnd]);

  const toEnd = useCallback(() => {
    setShown(windowAtEnd(items));
    anchor.current?.stick();
    tellEnd();
  }, [items, tellEnd]);

  const toStart = useCallback(() => {
    const first = items[0];
    if (!first) return;
    setShown(windowAround(items, first.seq));
    // Down to the lower edge is further than it can go: above it all of the beginning shows.
    const below = scroller.current?.clientHeight ?? 0;
    anchor.current?.hold(keyOf(first, read().session.me?._id), below, false);
  }, [items, scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element) anchor.current ??= new ScrollAnchor(element);
    if (isOpened.current || items.length === 0) {
      anchor.current?.restore();
      return;
    }
    isOpened.current = true;
    const divider = element?.querySelector('[data-divider]')?.closest('li')?.nextElementSibling;
    const key = divider instanceof HTMLElement ? divider.dataset.row : undefined;
    if (key && element) anchor.current?.hold(key, element.clientHeight / 3, shown.last === null);
    else anchor.current?.stick();
    tellEnd();
  });

  useEffect(() => {
    if (anchor.current?.isStuck) setShown((before) => followEnd(before, items));
    fill();
    onMoved();
  }, [items, fill, onMoved]);

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      anchor.current?.restore();
      onMoved();
    });
    for (const element of [scroller.current, content.current]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, content, onMoved]);

  return { shown, isAtEnd, scrolled, toEnd, toStart };
}
