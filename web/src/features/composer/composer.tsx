import {
  type KeyboardEvent,
  lazy,
  type Ref,
  Suspense,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { isOutboxFull } from '../../store/messages';
import { usePreference } from '../../store/preferences';
import { currentSession } from '../../sync/account';
import { SendIcon } from '../../ui/icons';
import { AttachButton } from './attach_button';
import { attach, imagesIn, refuse, takeAttachments, useAttachments } from './attachments';
import { sends } from './send_keys';
import { useAutosize } from './use_autosize';

export const mostCharacters = 4_000;
const warnFrom = 3_800;

export interface ComposerHandle {
  focus: () => void;
  /** Adds text at the end and takes the focus. */
  insert: (text: string) => void;
  /** Adds the pictures among these files and takes the focus. */
  attach: (files: File[]) => void;
}

interface Props {
  ref: Ref<ComposerHandle>;
  chatId: string;
  peerName: string;
}

const AttachmentStrip = lazy(() =>
  import('./attachment_strip').then((module) => ({ default: module.AttachmentStrip })),
);

function Counter({ id, length }: { id: string; length: number }) {
  if (length < warnFrom) return null;
  const left = mostCharacters - length;
  return (
    <p id={id} className={`pb-1 text-end text-sm ${left < 0 ? 'font-medium text-danger' : 'text-muted'}`}>
      {left < 0 ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left })}
    </p>
  );
}

/** Several pictures are several messages; the text goes with the last, so that it stands below all of them. */
function sendAll(chatId: string, text: string): void {
  const session = currentSession();
  const photos = takeAttachments(chatId).flatMap(({ ready, address, name }) => {
    if (!ready) return [];
    const { blob, width, height } = ready;
    return [{ blob, address, image: { name, width, height } }];
  });
  for (const [i, photo] of photos.entries())
    session?.send(chatId, i === photos.length - 1 ? text : '', photo);
  if (photos.length === 0) session?.send(chatId, text);
}

export function Composer({ ref, chatId, peerName }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useStore((state) => state.drafts[chatId] ?? '');
  const { attachments, refused } = useAttachments(chatId);
  const enterSends = usePreference((preferences) => preferences.enterSends);
  useAutosize(area, text);
  const length = [...text].length;
  const isPreparing = attachments.some((one) => one.ready === null);
  const hasContent = text.trim() !== '' || attachments.length > 0;
  const isFull = useStore(isOutboxFull);
  const canSend = hasContent && !isPreparing && !isFull && length <= mostCharacters;

  const write = useCallback((next: string) => currentSession()?.draft(chatId, next), [chatId]);

  const takeFiles = useCallback(
    (files: File[]) => {
      const images = imagesIn(files);
      if (images.length > 0) void attach(chatId, images);
      else if (files[0]) refuse(chatId, files[0].name);
      area.current?.focus();
    },
    [chatId],
  );

  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus(),
    insert: (added) => {
      write((area.current?.value ?? '') + added);
      area.current?.focus();
    },
    attach: takeFiles,
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat is opened to write there
  useEffect(() => {
    if (!window.matchMedia('(pointer: coarse)').matches) area.current?.focus();
  }, [chatId]);

  function send() {
    if (!canSend) return;
    sendAll(chatId, text.trim());
    write('');
    area.current?.focus();
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>) {
    const isTouch = window.matchMedia('(pointer: coarse)').matches;
    const { key, shiftKey, ctrlKey, metaKey, keyCode } = event;
    const { isComposing } = event.nativeEvent;
    if (!sends({ key, shiftKey, ctrlKey, metaKey, isComposing, keyCode }, enterSends, isTouch)) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      data-landmark
      aria-label={t('composer.label', { name: peerName })}
      className="bg-surface px-1.5 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] pane:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto max-w-[50rem]">
        {(attachments.length > 0 || refused) && (
          <Suspense fallback={null}>
            <AttachmentStrip chatId={chatId} />
          </Suspense>
        )}
        {isFull && (
          <p role="alert" className="pb-1 font-medium text-danger text-sm">
            {t('composer.full')}
          </p>
        )}
        <Counter id={`${id}-count`} length={length} />
        <div className="flex items-end gap-1.5">
          <AttachButton onFiles={takeFiles} />
          <textarea
            ref={area}
            data-landmark-start
            rows={1}
            dir="auto"
            aria-label={t('composer.label', { name: peerName })}
            aria-describedby={length >= warnFrom ? `${id}-count` : undefined}
            placeholder={t(attachments.length > 0 ? 'composer.caption' : 'composer.placeholder')}
            value={text}
            onChange={(event) => {
              write(event.target.value);
              if (event.target.value.trim() === '') currentSession()?.stopTyping();
              else currentSession()?.typing();
            }}
            onKeyDown={pressed}
            onBlur={() => currentSession()?.stopTyping()}
            className="scroll-quiet max-h-48 min-h-11 min-w-0 flex-1 resize-none rounded-[1.375rem] bg-raised px-4 py-2.5 text-base leading-6 outline-offset-0 placeholder:text-muted focus-visible:outline-1"
          />
          <button
            type="submit"
            disabled={!canSend}
            aria-label={t('composer.send')}
            title={canSend ? t('composer.send') : t('composer.sendHint')}
            className="inline-flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition-[background-color,transform] hover:bg-accent-strong active:scale-95 disabled:bg-transparent disabled:text-muted disabled:active:scale-100"
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </form>
  );
}
