import { useState } from 'react';
import type { Problem } from '../api/problem';
import { problemText } from '../i18n/problem_text';
import { t, tCount } from '../i18n/t';
import { useStore } from '../store';
import { logout } from '../sync/account';
import { Button, IconButton } from './button';
import { Dialog } from './dialog';
import { LogoutIcon } from './icons';

/** Logs out at once; asks first only when messages would be lost. `everywhere`: on all devices. */
export function LogoutButton({ wide = false, everywhere = false }: { wide?: boolean; everywhere?: boolean }) {
  const unsent = useStore((state) => Object.values(state.pending).flat().length);
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function leave() {
    const answer = await logout(everywhere);
    if (!answer.ok) {
      setProblem(answer.problem);
      setIsAsking(true);
    }
  }
  const label = t(everywhere ? 'profile.logoutAll' : 'profile.logout');
  const click = () => (unsent > 0 ? setIsAsking(true) : void leave());
  return (
    <>
      {wide ? (
        <Button kind="danger" onClick={click}>
          <LogoutIcon />
          {label}
        </Button>
      ) : (
        <IconButton label={label} onClick={click}>
          <LogoutIcon />
        </IconButton>
      )}
      {isAsking && (
        <Dialog title={label} onClose={() => setIsAsking(false)}>
          <div className="space-y-4 px-5 pb-5">
            {unsent > 0 && <p>{tCount('profile.unsent', unsent)}</p>}
            {problem && (
              <p role="alert" className="text-danger">
                {problemText(problem)}
              </p>
            )}
            <div className="flex flex-wrap gap-2">
              <Button kind="danger" onClick={leave}>
                {unsent > 0 ? t('profile.logoutAnyway') : label}
              </Button>
              <Button kind="plain" onClick={() => setIsAsking(false)}>
                {t('profile.cancel')}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
