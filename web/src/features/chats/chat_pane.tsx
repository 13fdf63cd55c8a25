import { lazy, Suspense, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { inOrder, peerOf } from '../../store/chats';
import { loadChats } from '../../sync/history';
import { Avatar } from '../../ui/avatar';
import { Boundary } from '../../ui/boundary';
import { Button, IconButton } from '../../ui/button';
import { CloseIcon, PenIcon, SearchIcon } from '../../ui/icons';
import { Logo } from '../../ui/logo';
import { LogoutButton } from '../../ui/logout_button';
import { ProblemPanel } from '../../ui/problem_panel';
import { ChatList } from './chat_list';

const FirstPeople = lazy(() => import('./first_people').then((module) => ({ default: module.FirstPeople })));

function PaneHeader({ isPage, onNew }: { isPage: boolean; onNew: () => void }) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="flex items-center gap-2.5 px-4 pt-3 pb-2">
      <Logo className="size-8" />
      <Heading className="flex-1 font-bold text-xl tracking-tight">{t('chats.title')}</Heading>
      <IconButton
        label={t('chats.new')}
        onClick={onNew}
        aria-keyshortcuts="Control+K"
        className="text-accent"
      >
        <PenIcon />
      </IconButton>
    </div>
  );
}

function Filter({ text, onText }: { text: string; onText: (text: string) => void }) {
  return (
    <search className="relative block px-3 pb-2">
      <SearchIcon className="pointer-events-none absolute start-6 top-3 size-5 text-muted" />
      <input
        type="text"
        aria-label={t('chats.filter')}
        placeholder={t('chats.filter')}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onText('')}
        className="h-11 w-full rounded-full bg-raised ps-10 pe-11 placeholder:text-muted"
      />
      {text && (
        <IconButton label={t('chats.clear')} onClick={() => onText('')} className="absolute end-3 top-0">
          <CloseIcon className="size-4" />
        </IconButton>
      )}
    </search>
  );
}

function PaneFooter() {
  const me = useStore((state) => state.session.me);
  if (!me) return null;
  return (
    <div data-part="account" className="flex items-center gap-1 border-line border-t p-2">
      <Link
        href="/profile"
        className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-xl px-2 py-1 hover:bg-raised"
      >
        <span className="sr-only">{t('profile.title')}: </span>
        <Avatar user={me} size="small" />
        <span className="truncate font-semibold">{me.name}</span>
      </Link>
      <LogoutButton />
    </div>
  );
}

function Skeleton() {
  return (
    <div role="status" aria-label={t('app.loading')} className="skeleton space-y-1 px-2">
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className="flex items-center gap-3 px-2 py-2">
          <div className="size-12 rounded-full bg-raised" />
          <div className="flex-1 space-y-2">
            <div className="h-3 w-1/2 rounded bg-raised" />
            <div className="h-3 w-4/5 rounded bg-raised" />
          </div>
        </div>
      ))}
    </div>
  );
}

function Empty({ onNew }: { onNew: () => void }) {
  return (
    <div className="scroll-quiet flex flex-1 flex-col items-center gap-6 overflow-y-auto px-2 py-4">
      <div className="flex flex-col items-center gap-3 px-4 pt-4">
        <p className="text-muted">{t('chats.empty')}</p>
        <Button onClick={onNew}>{t('chats.start')}</Button>
      </div>
      <Boundary>
        <Suspense fallback={null}>
          <FirstPeople />
        </Suspense>
      </Boundary>
    </div>
  );
}

interface Props {
  openId: string | null;
  /** Nothing is beside it: its heading is the page's. */
  isPage: boolean;
  onNew: () => void;
}

/** The left side: all conversations, and who one is. */
export function ChatPane({ openId, isPage, onNew }: Props) {
  const [filter, setFilter] = useState('');
  const chats = useStore((state) => state.chats);
  const users = useStore((state) => state.users);
  const list = useStore((state) => state.chatList);
  const me = useStore((state) => state.session.me?._id);
  const ordered = useMemo(() => inOrder(chats), [chats]);
  const wanted = filter.trim().toLocaleLowerCase();
  const found = wanted
    ? ordered.filter((chat) => users[peerOf(chat, me)]?.name.toLocaleLowerCase().includes(wanted))
    : ordered;
  const isEmpty = ordered.length === 0;
  const isLoading = isEmpty && (list.status === 'none' || list.status === 'loading');
  return (
    <div className="flex min-w-0 flex-1 flex-col border-line border-e bg-surface">
      <PaneHeader isPage={isPage} onNew={onNew} />
      <Filter text={filter} onText={setFilter} />
      {list.status === 'error' && list.problem && <ProblemPanel problem={list.problem} onRetry={loadChats} />}
      <nav aria-label={t('chats.list')} data-landmark tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        {isLoading && <Skeleton />}
        {isEmpty && list.status === 'ready' && <Empty onNew={onNew} />}
        {!isEmpty && found.length === 0 && <p className="p-6 text-center text-muted">{t('chats.none')}</p>}
        {found.length > 0 && <ChatList chats={found} openId={openId} />}
      </nav>
      <PaneFooter />
    </div>
  );
}
