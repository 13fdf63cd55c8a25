import type { Problem } from '../api/problem';
import { problemText } from '../i18n/problem_text';
import { t } from '../i18n/t';
import { Button } from './button';

/** Where something could not be loaded: why, what to quote to an operator, and a way to try again. */
export function ProblemPanel({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div role="alert" className="m-4 rounded-xl bg-danger-soft p-4 text-sm">
      <p className="font-medium text-danger">{problemText(problem)}</p>
      {problem.kind === 'server' && problem.requestId && (
        <p className="mt-1 break-all text-text">{t('problem.reference', { id: problem.requestId })}</p>
      )}
      {onRetry && (
        <Button kind="plain" className="mt-3" onClick={onRetry}>
          {t('problem.retry')}
        </Button>
      )}
    </div>
  );
}
