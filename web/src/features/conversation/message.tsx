import { memo } from 'react';
import type { Chat } from '../../api/types';
import { fullTime, messageTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import type { Pending } from '../../store/state';
import { type Tick, tickOf } from '../../store/ticks';
import { currentSession } from '../../sync/account';
import { Ticks } from '../../ui/ticks';
import { isOnlyEmoji, MessageText } from './message_text';
import { Photo } from './photo';
import { photoBox } from './photo_box';
import type { Row } from './rows';

/** What a row can ask of the page that it is in. Stable, as rows are drawn anew only when they change. */
export interface RowActions {
  /** Back into the box, to change it. */
  onEdit: (pending: Pending) => void;
  /** The picture of this row, large. */
  onView: (key: string) => void;
}

export function tickOfRow(row: Row, chat: Chat | undefined): Tick | null {
  if (!row.isMine) return null;
  if (row.pending) return row.pending.state === 'failed' ? 'failed' : 'waiting';
  return row.message ? tickOf(row.message, chat) : null;
}

function Failed({ pending, onEdit }: { pending: Pending; onEdit: RowActions['onEdit'] }) {
  const session = currentSession();
  const action = 'min-h-6 px-2.5 font-semibold underline underline-offset-2 pointer-coarse:min-h-11';
  const reason = pending.reason === '' ? t('photo.lost') : pending.reason;
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end text-danger text-sm">
      <span>
        {t('message.failed')}
        {reason ? `: ${reason}` : ''}
      </span>
      <button type="button" className={action} onClick={() => session?.retry(pending.clientId)}>
        {t('message.retry')}
      </button>
      <button type="button" className={action} onClick={() => onEdit(pending)}>
        {t('message.edit')}
      </button>
      <button type="button" className={action} onClick={() => session?.discard(pending)}>
        {t('message.delete')}
      </button>
    </div>
  );
}

type Place = 'inText' | 'onPhoto' | 'below';

const pill = 'rounded-full px-2 py-0.5';
const places = {
  inText: 'bubble-meta',
  onPhoto: `${pill} absolute end-2 bottom-2 bg-scrim text-on-scrim`,
  below: `${pill} bg-surface text-muted`,
};

function Meta({ row, tick, place }: { row: Row; tick: Tick | null; place: Place }) {
  const isOver = place === 'onPhoto';
  const inText = row.isMine ? 'text-own-muted' : 'text-muted';
  const colour = place === 'inText' ? inText : '';
  return (
    <span className={`inline-flex items-center gap-1 text-[0.6875rem] leading-4 ${places[place]} ${colour}`}>
      <time dateTime={row.createdAt} title={fullTime(row.createdAt)}>
        {messageTime(row.createdAt)}
      </time>
      {tick && <Ticks tick={tick} seenAt={row.message?.seenAt} isOver={isOver} />}
    </span>
  );
}

function cornersOf({ isMine, isFirst, isLast }: Row): string {
  return isMine
    ? `${isFirst ? '' : 'rounded-se-md'} ${isLast ? 'rounded-ee-sm' : 'rounded-ee-md'}`
    : `${isFirst ? '' : 'rounded-ss-md'} ${isLast ? 'rounded-es-sm' : 'rounded-es-md'}`;
}

function wordsFor(row: Row): string {
  if (row.text || row.image) return row.text;
  return t(row.message?.messageType === 'order' ? 'message.order' : 'message.image');
}

interface Props extends RowActions {
  row: Row;
  author: string;
  tick: Tick | null;
  isTabStop: boolean;
}

/** Emoji alone are large and need no bubble. */
function BareEmoji({ row, author, tick }: Pick<Props, 'row' | 'author' | 'tick'>) {
  return (
    <div className={`flex flex-col gap-1 ${row.isMine ? 'items-end' : 'items-start'}`}>
      <span className="sr-only">{author}: </span>
      <span className="text-5xl leading-tight">
        <MessageText text={row.text} />
      </span>
      <Meta row={row} tick={tick} place="below" />
    </div>
  );
}

function Bubble({ row, author, tick, onView }: Omit<Props, 'isTabStop' | 'onEdit'>) {
  if (!row.image && isOnlyEmoji(row.text)) return <BareEmoji row={row} author={author} tick={tick} />;
  const skin = row.isMine ? 'bg-own text-own-text' : 'bg-peer text-text';
  const box = row.image ? photoBox(row.image.width, row.image.height) : null;
  const text = wordsFor(row);
  return (
    <div
      className={`bubble relative max-w-[min(36rem,84%)] overflow-hidden rounded-2xl ${skin} ${cornersOf(row)} ${row.pending ? 'enter' : ''}`}
      style={box ? { width: box.width } : undefined}
    >
      <span className="sr-only">{author}: </span>
      {box && <Photo row={row} author={author} box={box} onView={onView} />}
      {text ? (
        <div className="flow-root px-3 py-1.5">
          <MessageText text={text} />
          <Meta row={row} tick={tick} place="inText" />
        </div>
      ) : (
        <Meta row={row} tick={tick} place="onPhoto" />
      )}
    </div>
  );
}

export const MessageRow = memo(
  function MessageRow({ row, author, tick, isTabStop, onEdit, onView }: Props) {
    const side = row.isMine ? 'items-end' : 'items-start';
    return (
      <li
        data-row={row.key}
        data-seq={row.message?.seq}
        data-mine={row.isMine || undefined}
        tabIndex={isTabStop ? 0 : -1}
        className={`flex flex-col px-3 -outline-offset-2 pane:px-5 ${side} ${row.isFirst ? 'pt-2.5' : 'pt-0.5'}`}
      >
        <Bubble row={row} author={author} tick={tick} onView={onView} />
        {row.pending?.state === 'failed' && <Failed pending={row.pending} onEdit={onEdit} />}
      </li>
    );
  },
  (a, b) =>
    a.row.message === b.row.message &&
    a.row.pending === b.row.pending &&
    a.row.isFirst === b.row.isFirst &&
    a.row.isLast === b.row.isLast &&
    a.author === b.author &&
    a.tick === b.tick &&
    a.isTabStop === b.isTabStop &&
    a.onEdit === b.onEdit &&
    a.onView === b.onView,
);
