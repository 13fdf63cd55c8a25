import type { Message } from '../../api/types';
import { dayKey } from '../../i18n/format';
import type { Pending } from '../../store/state';

const groupWithinMs = 5 * 60_000;

/** One message as it is shown: stored, or still on its way. The key stays the same when it is stored. */
export interface Row {
  key: string;
  isMine: boolean;
  text: string;
  /** The size of its picture, when it has one. */
  image: { width: number; height: number } | null;
  createdAt: string;
  message: Message | null;
  pending: Pending | null;
  /** First and last of a run of one sender's messages within five minutes. */
  isFirst: boolean;
  isLast: boolean;
}

export interface Day {
  key: string;
  date: string;
  rows: Row[];
}

/** Of the row of a stored message. */
export function keyOf(message: Message, me: string | undefined): string {
  return (message.sender === me && message.clientId) || message._id;
}

function ofMessage(message: Message, me: string | undefined): Row {
  return {
    key: keyOf(message, me),
    isMine: message.sender === me,
    text: message.text ?? '',
    image: message.image ?? null,
    createdAt: message.createdAt,
    message,
    pending: null,
    isFirst: true,
    isLast: true,
  };
}

function ofPending(pending: Pending): Row {
  return {
    key: pending.clientId,
    isMine: true,
    text: pending.text,
    image: pending.image ?? null,
    createdAt: new Date(pending.createdAt).toISOString(),
    message: null,
    pending,
    isFirst: true,
    isLast: true,
  };
}

function belongs(before: Row | undefined, row: Row): boolean {
  if (!before || before.isMine !== row.isMine) return false;
  const gap = Date.parse(row.createdAt) - Date.parse(before.createdAt);
  return gap < groupWithinMs && dayKey(before.createdAt) === dayKey(row.createdAt);
}

/** The messages by day. `dividerSeq`: nothing is grouped across the line above that message. */
export function daysOf(
  messages: Message[],
  pending: Pending[],
  me: string | undefined,
  dividerSeq: number | null,
): Day[] {
  const rows = [...messages.map((one) => ofMessage(one, me)), ...pending.map(ofPending)];
  const days: Day[] = [];
  let before: Row | undefined;
  for (const row of rows) {
    row.isFirst = !belongs(before, row) || row.message?.seq === dividerSeq;
    if (before) before.isLast = row.isFirst;
    before = row;
    const key = dayKey(row.createdAt);
    const day = days.at(-1);
    // A clock that is wrong must not open the same day twice.
    if (day && (day.key === key || row.pending)) day.rows.push(row);
    else days.push({ key, date: row.createdAt, rows: [row] });
  }
  return days;
}
