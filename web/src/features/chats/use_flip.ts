import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Chat } from '../../api/types';

const durationMs = 150;

/** Rows glide to a new place instead of jumping: each starts where it was (first, last, invert, play). */
export function useFlip(list: RefObject<HTMLElement | null>, chats: Chat[]): void {
  const tops = useRef(new Map<string, number>());
  const order = chats.map((chat) => chat._id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new order moves rows
  useLayoutEffect(() => {
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const now = new Map<string, number>();
    for (const row of list.current?.querySelectorAll<HTMLElement>('[data-chat]') ?? []) {
      const id = row.dataset.chat ?? '';
      now.set(id, row.offsetTop);
      const before = tops.current.get(id);
      if (isCalm || before === undefined || before === row.offsetTop) continue;
      const from = `translateY(${before - row.offsetTop}px)`;
      row.animate([{ transform: from }, { transform: 'none' }], { duration: durationMs, easing: 'ease-out' });
    }
    tops.current = now;
  }, [order]);
}
