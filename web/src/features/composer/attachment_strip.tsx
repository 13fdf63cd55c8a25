import type { ChatId } from '../../api/types';
import { fileSize } from '../../i18n/format';
import { t } from '../../i18n/t';
import { CloseIcon } from '../../ui/icons';
import { type Attachment, detach, mostAttachments, useAttachments } from './attachments';

function Preview({ attachment, onRemove }: { attachment: Attachment; onRemove: () => void }) {
  const { name, address, ready } = attachment;
  const details = ready
    ? `${ready.width} × ${ready.height} · ${fileSize(ready.blob.size)}`
    : t('photo.preparing');
  return (
    <li className="enter relative shrink-0" data-attachment={ready ? 'ready' : 'preparing'}>
      <img
        src={address}
        alt={t('photo.preview', { name })}
        title={`${name}\n${details}`}
        className={`h-24 min-w-16 max-w-44 rounded-xl bg-raised object-cover ring-1 ring-line ${ready ? '' : 'skeleton'}`}
      />
      <span className="pointer-events-none absolute inset-x-0 bottom-0 truncate rounded-b-xl bg-scrim px-1.5 py-0.5 text-center text-[0.6875rem] text-on-scrim">
        {details}
      </span>
      <button
        type="button"
        onClick={onRemove}
        aria-label={t('photo.remove', { name })}
        title={t('photo.remove', { name })}
        className="absolute -end-2 -top-2 inline-flex size-7 items-center justify-center rounded-full border border-line bg-surface text-text shadow-md before:absolute before:-inset-2 hover:bg-raised"
      >
        <CloseIcon className="size-3.5" />
      </button>
    </li>
  );
}

/** What will be sent with the text: each picture with its size and a way to take it out again. */
export function AttachmentStrip({ chatId }: { chatId: ChatId }) {
  const { attachments, refused } = useAttachments(chatId);
  return (
    <>
      {attachments.length > 0 && (
        <ul
          aria-label={t('photo.previews')}
          className="scroll-quiet flex gap-4 overflow-x-auto px-1 pt-3 pb-2.5"
        >
          {attachments.map((one) => (
            <Preview key={one.id} attachment={one} onRemove={() => detach(chatId, one.id)} />
          ))}
        </ul>
      )}
      {refused && (
        <p role="alert" className="mb-2 rounded-xl bg-danger-soft px-3 py-2 font-medium text-danger text-sm">
          {t(`photo.${refused.reason}`, { name: refused.name, most: mostAttachments })}
        </p>
      )}
    </>
  );
}
