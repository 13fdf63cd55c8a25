import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Chat } from '../../api/types';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { timelineOf } from '../../store/messages';
import type { Pending } from '../../store/state';
import { DaySection } from './day_section';
import { ListStart } from './list_start';
import type { RowActions } from './message';
import { NewPill } from './new_pill';
import { daysOf } from './rows';
import { Typing } from './typing';
import { useMessageScroll } from './use_message_scroll';
import { useQuietDays } from './use_quiet_days';
import { useReadTracker } from './use_read_tracker';
import { inWindow } from './window';

const nobodyWaits: Pending[] = [];

interface Props extends RowActions {
  chatId: string;
  chat: Chat | undefined;
  peerName: string;
  dividerSeq: number | null;
  /** A character was typed: it goes into the box when that takes the focus now. */
  onType: () => void;
}

/** Arrow keys go from message to message; the list itself scrolls by PgUp and PgDn as any page. */
function moveFocus(event: KeyboardEvent<HTMLElement>): boolean {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return false;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? rows.at(-1) : rows[at + step];
  if (!next) return false;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

export function MessageList({ chatId, chat, peerName, dividerSeq, onEdit, onView, onType }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const me = useStore((state) => state.session.me?._id);
  const timeline = useStore((state) => timelineOf(state, chatId));
  const pending = useStore((state) => state.pending[chatId] ?? nobodyWaits);
  const { items, hasOlder, isLoadingOlder } = timeline;

  useQuietDays(scroller);
  const onMoved = useReadTracker(chatId, scroller);
  const { shown, isAtEnd, scrolled, toEnd, toStart } = useMessageScroll({
    chatId,
    items,
    hasOlder,
    dividerSeq,
    scroller,
    content,
    onMoved,
  });
  const visible = useMemo(() => inWindow(items, shown), [items, shown]);
  const waiting = shown.last === null ? pending : nobodyWaits;
  const days = useMemo(() => daysOf(visible, waiting, me, dividerSeq), [visible, waiting, me, dividerSeq]);

  // One's own message is always shown: the list goes to its end.
  const newestOwn = pending.at(-1)?.clientId;
  const lastOwn = useRef(newestOwn);
  useEffect(() => {
    if (newestOwn && newestOwn !== lastOwn.current) toEnd();
    lastOwn.current = newestOwn;
  }, [newestOwn, toEnd]);

  useEffect(() => {
    const element = scroller.current;
    const go = (event: Event) => ((event as CustomEvent).detail === 'end' ? toEnd() : toStart());
    element?.addEventListener('ping:scroll', go);
    return () => element?.removeEventListener('ping:scroll', go);
  }, [toEnd, toStart]);

  const pressed = useCallback(
    (event: KeyboardEvent<HTMLDivElement>) => {
      if (moveFocus(event)) return;
      const isPlain = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (isPlain && event.key !== ' ' && event.key !== '?') onType();
    },
    [onType],
  );

  const newestKey = days.at(-1)?.rows.at(-1)?.key ?? null;
  const isMounted = days.some((day) => day.rows.some((row) => row.key === focused));
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        data-landmark-start
        aria-live="off"
        aria-label={t('conversation.messages', { name: peerName })}
        tabIndex={0}
        onScroll={scrolled}
        onKeyDown={pressed}
        onFocus={(event) => setFocused(event.target.dataset.row ?? null)}
        className="scroll-quiet h-full overflow-y-auto -outline-offset-2 [overflow-anchor:none] [scroll-padding:3rem_0_1rem]"
      >
        <div ref={content} className="mx-auto flex min-h-full max-w-[50rem] flex-col justify-end pb-3">
          <ListStart
            hasOlder={hasOlder || shown.first > (items[0]?.seq ?? 0)}
            isLoading={isLoadingOlder}
            peerName={peerName}
          />
          {days.map((day) => (
            <DaySection
              key={day.key}
              day={day}
              chat={chat}
              peerName={peerName}
              dividerSeq={dividerSeq}
              tabStop={isMounted ? focused : newestKey}
              onEdit={onEdit}
              onView={onView}
            />
          ))}
          <Typing chatId={chatId} peerName={peerName} />
        </div>
      </div>
      <NewPill chat={chat} isAtEnd={isAtEnd} onGo={toEnd} />
    </div>
  );
}
