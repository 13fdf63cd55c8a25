import { useEffect } from 'react';
import { clockTime, countdown } from '../../i18n/format';
import { t } from '../../i18n/t';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import type { Flow } from './flow';
import { useDeadline } from './use_deadline';

interface Props {
  flow: Flow;
  busy: boolean;
  onResend: () => void;
}

/** The countdown to the next code, by the server's times, and how long this one is good. */
export function Resend({ flow, busy, onResend }: Props) {
  const wait = useDeadline(flow.resendAt);
  const left = useDeadline(flow.expiresAt);
  const canResend = wait === 0;
  useEffect(() => {
    if (canResend) announce(t('verify.canResend'));
  }, [canResend]);
  return (
    <div className="mt-5 border-line border-t pt-4 text-sm">
      <p className="text-muted">
        {left > 0
          ? t('verify.validUntil', { time: clockTime(new Date(flow.expiresAt).toISOString()) })
          : t('verify.codeExpired')}
      </p>
      <div className="mt-1 flex min-h-10 items-center">
        {canResend ? (
          <Button kind="quiet" className="-ms-4" aria-busy={busy} onClick={onResend}>
            {t('verify.resend')}
          </Button>
        ) : (
          <span className="font-medium tabular-nums">{t('verify.resendIn', { time: countdown(wait) })}</span>
        )}
      </div>
      <p className="text-muted">{t('verify.spam')}</p>
    </div>
  );
}
