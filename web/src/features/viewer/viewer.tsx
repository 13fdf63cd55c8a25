import { type KeyboardEvent, useEffect, useRef } from 'react';
import { t } from '../../i18n/t';
import { IconButton } from '../../ui/button';
import { BackIcon, CloseIcon, DownloadIcon, ForwardIcon, MinusIcon, PlusIcon } from '../../ui/icons';
import type { Picture } from './picture';
import { Stage } from './stage';
import { useBackCloses } from './use_back_closes';
import { useZoom } from './use_zoom';

const panPx = 80;
const nothing = { width: 1, height: 1 };
const onDark = 'text-on-scrim hover:bg-on-scrim/15 hover:text-on-scrim outline-on-scrim disabled:opacity-35';

interface Props {
  pictures: Picture[];
  openKey: string;
  onOpen: (key: string) => void;
  onClose: () => void;
}

/** One picture over everything else; arrow keys go to the others that are loaded of this conversation. */
export function Viewer({ pictures, openKey, onOpen, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const at = pictures.findIndex((one) => one.key === openKey);
  const picture = pictures[at];
  const previous = pictures[at - 1];
  const next = pictures[at + 1];
  const zoom = useZoom({
    stage,
    key: openKey,
    size: picture ?? nothing,
    onSwipe: (direction) => turn(direction),
  });
  useBackCloses(onClose);

  function turn(direction: number) {
    const target = direction < 0 ? previous : next;
    if (target) onOpen(target.key);
  }

  useEffect(() => dialog.current?.showModal(), []);
  const latest = useRef(openKey);
  latest.current = openKey;
  useEffect(
    () => () => {
      // To the picture that was looked at last, which may not be the one that was opened.
      const row = document.querySelector(`[data-row="${CSS.escape(latest.current)}"] [data-photo] button`);
      if (row instanceof HTMLElement) row.focus({ preventScroll: true });
    },
    [],
  );
  // Its message was taken back.
  const isGone = picture === undefined;
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (isGone) close.current();
  }, [isGone]);
  if (!picture) return null;

  const { view } = zoom;

  function arrow(dx: number, dy: number) {
    if (view.scale > 1) return zoom.pan(-dx * panPx, -dy * panPx);
    if (dx !== 0) turn(dx);
  }
  const keys: Record<string, () => void> = {
    ArrowLeft: () => arrow(-1, 0),
    ArrowRight: () => arrow(1, 0),
    ArrowUp: () => arrow(0, -1),
    ArrowDown: () => arrow(0, 1),
    '+': zoom.zoomIn,
    '=': zoom.zoomIn,
    '-': zoom.zoomOut,
    '0': zoom.reset,
  };
  function pressed(event: KeyboardEvent) {
    const action = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  return (
    <dialog
      ref={dialog}
      aria-label={t('viewer.title')}
      onKeyDown={pressed}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="viewer m-0 h-dvh max-h-none w-screen max-w-none flex-col bg-transparent text-on-scrim open:flex"
    >
      <div className="flex items-center gap-1 px-3 py-2">
        <p className="min-w-0 flex-1 px-1">
          <span className="block truncate font-semibold" dir="auto">
            {picture.author}
          </span>
          <span className="block truncate text-sm opacity-80">
            {picture.time}
            {pictures.length > 1 &&
              ` · ${t('viewer.position', { position: at + 1, count: pictures.length })}`}
          </span>
        </p>
        <IconButton
          label={t('viewer.zoomOut')}
          onClick={zoom.zoomOut}
          disabled={view.scale === 1}
          className={onDark}
        >
          <MinusIcon />
        </IconButton>
        <IconButton label={t('viewer.zoomIn')} onClick={zoom.zoomIn} className={onDark}>
          <PlusIcon />
        </IconButton>
        <a
          href={picture.url}
          download
          aria-label={t('viewer.download')}
          title={t('viewer.download')}
          className={`inline-flex size-10 items-center justify-center rounded-full pointer-coarse:size-11 ${onDark}`}
        >
          <DownloadIcon />
        </a>
        <IconButton label={t('dialog.close')} onClick={onClose} className={onDark} data-autofocus>
          <CloseIcon />
        </IconButton>
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <Stage key={picture.url} stage={stage} picture={picture} view={view} onToggle={zoom.toggle} />
        {previous && (
          <IconButton
            label={t('viewer.previous')}
            onClick={() => onOpen(previous.key)}
            className={`absolute start-2 top-1/2 -translate-y-1/2 bg-scrim ${onDark}`}
          >
            <BackIcon />
          </IconButton>
        )}
        {next && (
          <IconButton
            label={t('viewer.next')}
            onClick={() => onOpen(next.key)}
            className={`absolute end-2 top-1/2 -translate-y-1/2 bg-scrim ${onDark}`}
          >
            <ForwardIcon />
          </IconButton>
        )}
      </div>
      {picture.caption && (
        <p
          dir="auto"
          className="message-text mx-auto max-h-28 max-w-2xl overflow-y-auto px-5 py-3 text-center"
        >
          {picture.caption}
        </p>
      )}
    </dialog>
  );
}
