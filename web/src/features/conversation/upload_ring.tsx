import { t } from '../../i18n/t';
import type { Pending } from '../../store/state';
import { CloseIcon } from '../../ui/icons';

const radius = 20;
const round = 2 * Math.PI * radius;
/** So that the ring can be seen to turn before the first bytes have left. */
const leastShown = 0.15;

/** Over a picture on its way: how much of it has left, and the way to take it back. */
export function UploadRing({ pending, onCancel }: { pending: Pending; onCancel: () => void }) {
  const { progress, state } = pending;
  const percent = Math.round((progress ?? 0) * 100);
  const isMoving = state === 'sending';
  return (
    <span className="absolute inset-0 flex items-center justify-center">
      <button
        type="button"
        onClick={onCancel}
        aria-label={t('photo.cancel')}
        title={t('photo.cancel')}
        className="relative inline-flex size-13 items-center justify-center rounded-full bg-scrim text-on-scrim"
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 48 48"
          className={`absolute inset-0.5 ${isMoving ? 'upload-ring' : ''}`}
          fill="none"
          stroke="currentColor"
          strokeWidth="3"
          strokeLinecap="round"
        >
          <circle cx="24" cy="24" r={radius} strokeOpacity="0.25" />
          <circle
            cx="24"
            cy="24"
            r={radius}
            strokeDasharray={round}
            strokeDashoffset={round * (1 - Math.max(leastShown, progress ?? 0))}
            className="transition-[stroke-dashoffset]"
          />
        </svg>
        <CloseIcon />
      </button>
      {isMoving && (
        <span
          role="progressbar"
          aria-label={t('photo.sending')}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
          data-progress={percent}
          className="sr-only"
        />
      )}
    </span>
  );
}
