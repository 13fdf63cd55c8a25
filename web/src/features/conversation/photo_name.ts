import { messageTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import type { Row } from './rows';

/** What a picture is called for who does not see it. */
export function photoName(row: Row, author: string): string {
  const time = messageTime(row.createdAt);
  return row.isMine ? t('photo.own', { time }) : t('photo.from', { name: author, time });
}
