import { type FormEvent, useState } from 'react';
import type { OwnUser } from '../../api/types';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { rename } from '../../sync/account';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';

const mostCharacters = 50;

export function NameForm({ me }: { me: OwnUser }) {
  const [name, setName] = useState(me.name);
  const [error, setError] = useState<string | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'saved'>('idle');
  const isOpen = useStore((store) => store.connection.phase === 'open');
  const trimmed = name.trim();
  const isChanged = trimmed !== me.name;

  async function save(event: FormEvent) {
    event.preventDefault();
    if (!isChanged || state === 'busy') return;
    if (trimmed === '' || [...trimmed].length > mostCharacters) return setError(t('profile.nameEmpty'));
    setState('busy');
    setError(null);
    const answer = await rename(trimmed);
    setState(answer.ok ? 'saved' : 'idle');
    if (answer.ok) setName(answer.value.name);
    else setError(problemText(answer.problem));
  }

  function reset() {
    setName(me.name);
    setError(null);
  }

  return (
    <form onSubmit={save} onKeyDown={(event) => event.key === 'Escape' && reset()}>
      <Field
        label={t('profile.name')}
        hint={t('profile.nameHint')}
        name="name"
        autoComplete="nickname"
        value={name}
        error={error}
        onChange={(event) => {
          setName(event.target.value);
          setState('idle');
        }}
      />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {isChanged && (
          <>
            <Button type="submit" disabled={!isOpen} aria-busy={state === 'busy'}>
              {state === 'busy' ? t('profile.saving') : t('profile.save')}
            </Button>
            <Button kind="plain" onClick={reset}>
              {t('profile.cancel')}
            </Button>
            {!isOpen && <span className="text-muted text-sm">{t('profile.offline')}</span>}
          </>
        )}
        <span role="status" className="font-medium text-online text-sm">
          {state === 'saved' ? t('profile.saved') : ''}
        </span>
      </div>
    </form>
  );
}
