import { t } from '../../i18n/t';
import { currentSession } from '../../sync/account';
import { ImageIcon } from '../../ui/icons';
import type { PhotoBox } from './photo_box';
import { photoName } from './photo_name';
import type { Row } from './rows';
import { UploadRing } from './upload_ring';
import { usePhoto } from './use_photo';

interface Props {
  row: Row;
  author: string;
  box: PhotoBox;
  onView: (key: string) => void;
}

function Broken({ onRetry }: { onRetry: () => void }) {
  return (
    <span className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-raised p-3 text-center text-muted text-sm">
      <ImageIcon className="size-7" />
      <span>{t('photo.failed')}</span>
      <button
        type="button"
        onClick={onRetry}
        className="min-h-6 px-3 font-semibold text-accent underline pointer-coarse:min-h-11"
      >
        {t('problem.retry')}
      </button>
    </span>
  );
}

/** The picture of a message in the room that its size reserves. A click opens it large. */
export function Photo({ row, author, box, onView }: Props) {
  const { address, hasFailed, onFailed, retry } = usePhoto(row);
  const { pending } = row;
  return (
    <span
      data-photo
      className="relative block w-full overflow-hidden bg-photo"
      style={{ aspectRatio: box.ratio }}
    >
      {address && !hasFailed && (
        <button
          type="button"
          onClick={() => onView(row.key)}
          className="block size-full -outline-offset-4"
          aria-haspopup="dialog"
        >
          <img
            src={address}
            alt={photoName(row, author)}
            loading="lazy"
            decoding="async"
            draggable={false}
            onError={onFailed}
            className="size-full object-cover"
          />
        </button>
      )}
      {hasFailed && <Broken onRetry={retry} />}
      {pending && pending.state !== 'failed' && (
        <UploadRing pending={pending} onCancel={() => currentSession()?.discard(pending)} />
      )}
    </span>
  );
}
