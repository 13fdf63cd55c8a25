import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { BackIcon } from '../../ui/icons';
import { LogoutButton } from '../../ui/logout_button';
import { NameForm } from './name_form';
import { Section } from './section';
import { Sessions } from './sessions';
import { Settings } from './settings';

export function Profile({ onKeys }: { onKeys: () => void }) {
  const me = useStore((state) => state.session.me);
  const page = useRef<HTMLElement>(null);
  // Whoever came by the keyboard goes on from here, not from the link.
  useEffect(() => page.current?.focus(), []);
  if (!me) return null;
  return (
    <section
      ref={page}
      tabIndex={0}
      aria-labelledby="profile-title"
      className="scroll-quiet flex-1 overflow-y-auto -outline-offset-2"
    >
      <div className="mx-auto max-w-2xl space-y-3 pb-8 pane:p-5">
        <header className="flex items-center gap-3 px-3 pt-3 pane:px-1 pane:pt-0">
          <Link
            href="/"
            aria-label={t('conversation.back')}
            className="inline-flex size-11 items-center justify-center rounded-full bg-surface text-muted hover:bg-raised pane:hidden"
          >
            <BackIcon />
          </Link>
          <h1 id="profile-title" className="font-bold text-2xl tracking-tight">
            {t('profile.title')}
          </h1>
        </header>
        <Section title={t('profile.you')}>
          <div className="flex flex-wrap items-start gap-5">
            <Avatar user={me} size="large" />
            <div className="min-w-[14rem] flex-1">
              <NameForm me={me} />
              {me.email && (
                <dl className="mt-4 text-sm">
                  <dt className="font-semibold">{t('profile.email')}</dt>
                  <dd className="break-all text-muted">{me.email}</dd>
                </dl>
              )}
            </div>
          </div>
        </Section>
        <Settings />
        <Sessions />
        <div className="flex flex-wrap gap-2 px-3 pane:px-0">
          <LogoutButton wide />
          <Button kind="plain" onClick={onKeys} className="bg-surface">
            {t('profile.keys')}
          </Button>
        </div>
      </div>
    </section>
  );
}
