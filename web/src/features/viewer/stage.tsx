import { type RefObject, useState } from 'react';
import { t } from '../../i18n/t';
import { Button } from '../../ui/button';
import type { Picture } from './picture';
import type { View } from './use_zoom';

interface Props {
  stage: RefObject<HTMLDivElement | null>;
  picture: Picture;
  view: View;
  onToggle: () => void;
}

/** The picture itself: its thumbnail at once, the whole one over it when that has come. */
export function Stage({ stage, picture, view, onToggle }: Props) {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  const { url, thumbUrl, width, height, name } = picture;
  const fit = 'absolute inset-0 m-auto max-h-full max-w-full object-contain';
  const size = { width, height };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same as the buttons and the keys + and -
    <div
      ref={stage}
      onDoubleClick={onToggle}
      data-zoom={view.scale.toFixed(2)}
      className={`relative min-h-0 flex-1 touch-none overflow-hidden ${view.scale > 1 ? 'cursor-grab active:cursor-grabbing' : 'cursor-zoom-in'}`}
    >
      <div
        className="absolute inset-2 pane:inset-6"
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      >
        {state === 'loading' && thumbUrl !== url && (
          <img src={thumbUrl} alt="" style={size} draggable={false} className={`${fit} viewer-thumb`} />
        )}
        <img
          key={tries}
          src={url}
          alt={name}
          style={size}
          draggable={false}
          data-state={state}
          onLoad={() => setState('loaded')}
          onError={() => setState('failed')}
          className={`${fit} ${state === 'failed' ? 'invisible' : ''}`}
        />
      </div>
      {state === 'failed' && (
        <div role="alert" className="absolute inset-0 flex flex-col items-center justify-center gap-4">
          <p>{t('photo.failed')}</p>
          <Button
            kind="plain"
            onClick={() => {
              setState('loading');
              setTries(tries + 1);
            }}
          >
            {t('problem.retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
