import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation, useRoute } from 'wouter';
import { t } from '../../i18n/t';
import { useShortcuts } from '../../keys/use_shortcuts';
import { Boundary } from '../../ui/boundary';
import { DeadEnd } from '../../ui/dead_end';
import { Dialog } from '../../ui/dialog';
import { Logo } from '../../ui/logo';
import { useMedia } from '../../ui/use_media';
import { ChatPane } from '../chats/chat_pane';
import { Conversation } from '../conversation/conversation';
import { ConnectionBar } from './connection_bar';
import { NothingSelected } from './nothing_selected';
import { useAnnouncements } from './use_announcements';
import { useTitle } from './use_title';

const loadSwitcher = () => import('../chats/switcher');
const Profile = lazy(() => import('../profile/profile').then((module) => ({ default: module.Profile })));
const Switcher = lazy(() => loadSwitcher().then((module) => ({ default: module.Switcher })));
const KeysHelp = lazy(() => import('../../keys/help').then((module) => ({ default: module.KeysHelp })));

export type Layer = 'switcher' | 'keys' | null;

function NotFound() {
  return (
    <DeadEnd title={t('app.notFound')}>
      <Logo className="size-14 opacity-60" />
    </DeadEnd>
  );
}

function Main({ onNew, onKeys }: { onNew: () => void; onKeys: () => void }) {
  return (
    <Boundary>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/">
            <NothingSelected onNew={onNew} onKeys={onKeys} />
          </Route>
          <Route path="/chat/:id">{({ id }) => <Conversation key={id} id={id} />}</Route>
          <Route path="/profile">
            <Profile onKeys={onKeys} />
          </Route>
          <Route path="/login">
            <Redirect to="/" replace />
          </Route>
          <Route path="/verify">
            <Redirect to="/" replace />
          </Route>
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Boundary>
  );
}

/** Over the page, also when its file is gone: the page below it stays. */
function Above({ layer, onClose }: { layer: Exclude<Layer, null>; onClose: () => void }) {
  const Shown = layer === 'keys' ? KeysHelp : Switcher;
  const told = (instead: ReactNode) => (
    <Dialog title={t(`${layer}.title`)} onClose={onClose}>
      {instead}
    </Dialog>
  );
  return (
    <Boundary frame={told}>
      <Suspense fallback={null}>
        <Shown onClose={onClose} />
      </Suspense>
    </Boundary>
  );
}

/** What somebody who is logged in sees: the chats, and beside them (on a phone: instead of them) a page. */
export function Shell() {
  const [layer, setLayer] = useState<Layer>(null);
  const [location, go] = useLocation();
  const [isChat, chat] = useRoute('/chat/:id');
  const openId = isChat ? chat.id : null;
  useShortcuts({ openId, layer, setLayer, go });
  useTitle();
  useAnnouncements();
  // Fetched before it is asked for: who presses Ctrl+K types on at once.
  useEffect(() => void loadSwitcher().catch(() => {}), []);
  const isList = location === '/';
  const isNarrow = useMedia('(width < 40rem)');
  // On a phone the list is the page.
  const isAlone = isNarrow && isList;
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#main"
        className="absolute top-1 left-1 z-30 -translate-y-24 rounded-lg bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        {t('app.skip')}
      </a>
      <ConnectionBar />
      <div className="flex min-h-0 flex-1">
        {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: it always has one of the two roles */}
        <div
          role={isAlone ? 'main' : 'complementary'}
          aria-label={t('chats.title')}
          className={`${isList ? 'flex' : 'hidden pane:flex'} w-full min-w-0 pane:w-80 pane:shrink-0 wide:w-[22rem]`}
        >
          <ChatPane openId={openId} isPage={isAlone} onNew={() => setLayer('switcher')} />
        </div>
        <main
          id="main"
          tabIndex={-1}
          data-landmark
          className={`${isList ? 'hidden pane:flex' : 'flex'} canvas-pattern min-w-0 flex-1 flex-col outline-none`}
        >
          <Main onNew={() => setLayer('switcher')} onKeys={() => setLayer('keys')} />
        </main>
      </div>
      {layer && <Above layer={layer} onClose={() => setLayer(null)} />}
    </div>
  );
}
