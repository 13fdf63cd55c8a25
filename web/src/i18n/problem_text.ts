import type { Problem } from '../api/problem';
import { countdown } from './format';
import { t } from './t';

/** What to tell a person about a problem. */
export function problemText(problem: Problem): string {
  if (problem.kind === 'network') return t('problem.network');
  if (problem.status === 429) return t('problem.tooMany', { time: countdown(problem.retryAfter ?? 60) });
  if (problem.status >= 500 || !problem.message) return t('problem.server');
  return problem.message;
}
