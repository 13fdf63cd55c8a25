import { t } from '../i18n/t';
import { usePreference } from '../store/preferences';
import { Dialog } from '../ui/dialog';
import { Keys } from '../ui/keys';
import { keysOf, shortcuts } from './shortcuts';

export function KeysHelp({ onClose }: { onClose: () => void }) {
  const enterSends = usePreference((preferences) => preferences.enterSends);
  const rows = [
    ...shortcuts
      .filter((one) => one.command !== 'previousLandmark')
      .map((one) => ({ keys: keysOf(one), text: t(one.text) })),
    { keys: ['Esc'], text: t('keys.escape') },
    { keys: enterSends ? ['Enter'] : ['Ctrl', 'Enter'], text: t('keys.send') },
    { keys: enterSends ? ['Shift', 'Enter'] : ['Enter'], text: t('keys.newline') },
  ];
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <section
        tabIndex={0}
        aria-label={t('keys.title')}
        className="scroll-quiet overflow-y-auto px-5 pb-5 -outline-offset-2"
      >
        <dl className="divide-y divide-line">
          {rows.map(({ keys, text }) => (
            <div key={text} className="flex items-center justify-between gap-4 py-2.5">
              <dt>{text}</dt>
              <dd>
                <Keys keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </Dialog>
  );
}
