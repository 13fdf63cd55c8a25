import { clockTime } from '../i18n/format';
import { t } from '../i18n/t';
import type { Tick } from '../store/ticks';
import { ClockIcon, TickIcon, WarnIcon } from './icons';

interface Props {
  tick: Tick;
  /** When it was seen, where that is known. */
  seenAt?: string | undefined;
  /** On a picture: the colours of its scrim count. */
  isOver?: boolean;
}

function colourOf(tick: Tick, isOver: boolean): string {
  if (tick === 'seen') return isOver ? 'text-seen-scrim' : 'text-seen';
  return tick === 'failed' && !isOver ? 'text-danger' : '';
}

/** How far a message got: by shape, by colour, and in words for who does not see it. */
export function Ticks({ tick, seenAt, isOver = false }: Props) {
  const isTimed = tick === 'seen' && seenAt !== undefined;
  const words = isTimed ? t('tick.seenAt', { time: clockTime(seenAt) }) : t(`tick.${tick}`);
  return (
    <span data-tick={tick} title={words} className={`inline-flex align-[-0.1em] ${colourOf(tick, isOver)}`}>
      {tick === 'waiting' && <ClockIcon className="size-3" />}
      {tick === 'failed' && <WarnIcon className="size-3.5" />}
      {(tick === 'sent' || tick === 'delivered' || tick === 'seen') && <TickIcon double={tick !== 'sent'} />}
      <span className="sr-only">{words}</span>
    </span>
  );
}
