import { useEffect, useState } from 'react';
import { countdown } from '../../i18n/format';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { currentSession } from '../../sync/account';

const quietMs = 2_000;

/** True once `wanted` has been true for a while: a fast reconnect never shows. */
function useAfter(wanted: boolean, afterMs: number): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => setIsLate(true), afterMs);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [wanted, afterMs]);
  return isLate;
}

function Retry({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span aria-hidden="true">{t('connection.reconnecting', { time: countdown((at - now) / 1000) })}</span>
  );
}

/** The one place that speaks of the connection. Nothing while all is well. */
export function ConnectionBar() {
  const { phase, retryAt, isRestart } = useStore((state) => state.connection);
  const isDown = phase !== 'open' && phase !== 'idle';
  const isLate = useAfter(isDown, quietMs);
  const shown = isDown && (isLate || phase === 'offline');
  return (
    <div role="status" aria-live="polite" data-connected={phase === 'open' || undefined}>
      {shown && (
        <div className="flex min-h-8 flex-wrap items-center justify-center gap-x-3 text-balance bg-notice px-3 py-1 text-center text-notice-text text-sm">
          {phase === 'offline' && <span>{t('connection.offline')}</span>}
          {phase !== 'offline' && isRestart && <span>{t('connection.restart')}</span>}
          {phase !== 'offline' && !isRestart && phase === 'waiting' && retryAt && <Retry at={retryAt} />}
          {phase !== 'offline' && !isRestart && phase !== 'waiting' && (
            <span>{t('connection.connecting')}</span>
          )}
          {phase === 'waiting' && (
            <button
              type="button"
              className="min-h-6 font-semibold underline underline-offset-2 pointer-coarse:min-h-11"
              onClick={() => currentSession()?.retryNow()}
            >
              {t('connection.retry')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
