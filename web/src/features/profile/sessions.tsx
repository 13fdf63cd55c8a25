import { useCallback, useEffect, useState } from 'react';
import { api, outcome } from '../../api/client';
import { isStatus, type Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { listTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { Button } from '../../ui/button';
import { DeviceIcon } from '../../ui/icons';
import { LogoutButton } from '../../ui/logout_button';
import { ProblemPanel } from '../../ui/problem_panel';
import { deviceName } from './device';
import { Section } from './section';

type Session = components['schemas']['Session'];

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const name = deviceName(session.device) || t('profile.unknownDevice');
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <DeviceIcon className="size-6 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        <p className="text-muted text-sm">
          {session.current
            ? t('profile.thisDevice')
            : t('profile.lastActive', { time: listTime(session.lastSeenAt) })}
          {' · '}
          {t('profile.since', { time: listTime(session.createdAt) })}
        </p>
      </div>
      {!session.current && (
        <Button kind="plain" onClick={onEnd} aria-label={`${t('profile.end')}: ${name}`}>
          {t('profile.end')}
        </Button>
      )}
    </li>
  );
}

/** Where one is logged in. A server that does not tell shows only the way out everywhere. */
export function Sessions() {
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = useCallback(async () => {
    const answer = await outcome(api.GET('/api/v1/me/sessions'));
    setProblem(answer.ok || isStatus(answer.problem, 404) ? null : answer.problem);
    if (answer.ok) setSessions(answer.value.sessions);
  }, []);
  useEffect(() => void load(), [load]);

  async function end(sid: string) {
    const answer = await outcome(api.DELETE('/api/v1/me/sessions/{sid}', { params: { path: { sid } } }));
    if (!answer.ok && !isStatus(answer.problem, 404)) setProblem(answer.problem);
    else await load();
  }
  return (
    <Section title={t('profile.sessions')} hint={t('profile.sessionsHint')}>
      {problem && <ProblemPanel problem={problem} onRetry={load} />}
      {sessions && (
        <ul className="mb-3 divide-y divide-line">
          {sessions.map((session) => (
            <SessionRow key={session.sid} session={session} onEnd={() => end(session.sid)} />
          ))}
        </ul>
      )}
      <LogoutButton wide everywhere />
    </Section>
  );
}
