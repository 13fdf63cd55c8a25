import { Link } from 'wouter';
import { t } from '../../i18n/t';
import { shown } from '../../keys/shortcuts';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { PenIcon } from '../../ui/icons';
import { Keys } from '../../ui/keys';
import { Logo } from '../../ui/logo';

const hints = [
  { keys: shown('switcher'), text: 'hint.switcher' },
  { keys: [...shown('nextChat'), '↑'], text: 'hint.next' },
] as const;

/** Beside the list, while nothing is open. */
export function NothingSelected({ onNew, onKeys }: { onNew: () => void; onKeys: () => void }) {
  const me = useStore((state) => state.session.me);
  const isNew = useStore(
    (state) => state.chatList.status === 'ready' && Object.keys(state.chats).length === 0,
  );
  return (
    <div className="flex flex-1 items-center justify-center p-6">
      <div className="w-full max-w-sm rounded-3xl bg-surface p-8 text-center shadow-card">
        <Logo className="mx-auto mb-4 size-14" />
        <h1 className="font-bold text-xl tracking-tight">
          {isNew ? t('hint.welcome', { name: me?.name ?? '' }) : t('hint.title')}
        </h1>
        {isNew ? (
          <p className="mt-1 text-muted">
            {t('hint.name')}{' '}
            <Link
              href="/profile"
              className="whitespace-nowrap font-semibold text-accent underline underline-offset-2"
            >
              {t('hint.rename')}
            </Link>
          </p>
        ) : (
          <p className="mt-1 text-muted">{t('hint.text')}</p>
        )}
        <dl className="mt-6 space-y-2 text-start text-sm">
          {hints.map(({ keys, text }) => (
            <div key={text} className="flex items-center justify-between gap-4">
              <dt>{t(text)}</dt>
              <dd>
                <Keys keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
        <div className="mt-6 flex flex-wrap justify-center gap-2">
          <Button onClick={onNew}>
            <PenIcon />
            {t('chats.start')}
          </Button>
          <Button kind="quiet" onClick={onKeys}>
            {t('hint.keys')}
            <Keys keys={shown('help')} />
          </Button>
        </div>
      </div>
    </div>
  );
}
