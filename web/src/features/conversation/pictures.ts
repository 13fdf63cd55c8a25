import { messageTime } from '../../i18n/format';
import { localAddress } from '../../store/local_images';
import type { Picture } from '../viewer/picture';
import { ownAddress } from './photo_address';
import { photoName } from './photo_name';
import type { Row } from './rows';

/** The rows that have a picture to show, in their order. `authorOf` gives the name of who sent it. */
export function picturesOf(rows: Row[], authorOf: (row: Row) => string): Picture[] {
  return rows.flatMap((row) => {
    const local = localAddress(row.pending?.clientId ?? row.message?.clientId);
    const stored = row.message?.image;
    const url = stored ? ownAddress(stored.url) : local;
    if (!row.image || !url) return [];
    const thumbUrl = local ?? (stored ? ownAddress(stored.thumbUrl) : url);
    const { width, height } = row.image;
    const author = authorOf(row);
    const name = photoName(row, author);
    const time = messageTime(row.createdAt);
    return [{ key: row.key, url, thumbUrl, width, height, name, author, time, caption: row.text }];
  });
}
