import { Fragment } from 'react';
import type { Chat } from '../../api/types';
import { dayName } from '../../i18n/format';
import { t } from '../../i18n/t';
import { MessageRow, type RowActions, tickOfRow } from './message';
import type { Day } from './rows';

interface Props extends RowActions {
  day: Day;
  chat: Chat | undefined;
  peerName: string;
  dividerSeq: number | null;
  tabStop: string | null;
}

/** Where what was unread at the opening begins. It stays there while the chat is open. */
function NewDivider() {
  return (
    <li className="flex items-center gap-3 px-5 pt-4 pb-1 font-semibold text-accent text-sm">
      <span aria-hidden="true" className="h-px flex-1 bg-accent/40" />
      <span data-divider className="rounded-full bg-surface px-3 py-0.5">
        {t('conversation.new')}
      </span>
      <span aria-hidden="true" className="h-px flex-1 bg-accent/40" />
    </li>
  );
}

/** The messages of one day under its name, which stays on the screen. */
export function DaySection({ day, chat, peerName, dividerSeq, tabStop, onEdit, onView }: Props) {
  const name = dayName(day.date);
  return (
    <section aria-label={name}>
      <h2 className="pointer-events-none sticky top-2 z-10 mx-auto mt-3 mb-1 w-fit rounded-full bg-surface px-3 py-1 font-medium text-muted text-xs shadow-sm day-name">
        {name}
      </h2>
      <ol>
        {day.rows.map((row) => (
          <Fragment key={row.key}>
            {row.message && row.message.seq === dividerSeq && <NewDivider />}
            <MessageRow
              row={row}
              author={row.isMine ? t('message.you') : peerName}
              tick={tickOfRow(row, chat)}
              isTabStop={row.key === tabStop}
              onEdit={onEdit}
              onView={onView}
            />
          </Fragment>
        ))}
      </ol>
    </section>
  );
}
