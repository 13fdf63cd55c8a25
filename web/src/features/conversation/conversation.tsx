import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t';
import { read, useStore } from '../../store';
import { peerOf } from '../../store/chats';
import { timelineOf } from '../../store/messages';
import type { Pending } from '../../store/state';
import { currentSession } from '../../sync/account';
import { loadNewest } from '../../sync/history';
import { DeadEnd } from '../../ui/dead_end';
import { ProblemPanel } from '../../ui/problem_panel';
import { Composer, type ComposerHandle } from '../composer/composer';
import { DropZone } from '../composer/drop_zone';
import { ConversationHeader } from './header';
import { MessageList } from './message_list';

const ViewerLayer = lazy(() => import('./viewer_layer').then((module) => ({ default: module.ViewerLayer })));

function Skeleton() {
  const widths = ['w-2/5', 'w-1/2', 'w-2/5', 'w-4/5', 'w-1/2', 'w-2/5'];
  return (
    <div
      role="status"
      aria-label={t('app.loading')}
      className="skeleton flex flex-1 flex-col justify-end gap-3 p-5"
    >
      {widths.map((width, i) => (
        <div key={i} className={`h-9 rounded-2xl ${width} ${i % 3 === 0 ? 'self-end bg-own' : 'bg-peer'}`} />
      ))}
    </div>
  );
}

function Empty({ onHello }: { onHello: () => void }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6">
      <p className="rounded-full bg-surface px-3 py-1 text-muted">{t('conversation.empty')}</p>
      <button
        type="button"
        onClick={onHello}
        className="rounded-full bg-surface px-5 py-2.5 font-semibold text-accent shadow-sm hover:bg-accent-soft"
      >
        {t('conversation.hello')}
      </button>
    </div>
  );
}

/** Where the unread begin, as it was when the chat was opened: it does not move while one reads. */
function useDivider(id: string, isReady: boolean): number | null {
  const [opened] = useState(() => read().chats[id]);
  const [divider, setDivider] = useState<number | null>(null);
  const [isSet, setIsSet] = useState(false);
  if (isReady && !isSet) {
    setIsSet(true);
    const state = read();
    const me = state.session.me?._id;
    const readSeq = opened?.readSeq ?? 0;
    const hasUnread = (opened?.unseenCount ?? 0) > 0;
    const first = timelineOf(state, id).items.find((one) => one.seq > readSeq && one.sender !== me);
    setDivider(hasUnread ? (first?.seq ?? null) : null);
  }
  return divider;
}

export function Conversation({ id }: { id: string }) {
  const chat = useStore((state) => state.chats[id]);
  const me = useStore((state) => state.session.me?._id);
  const peerId = chat ? peerOf(chat, me) : undefined;
  const peer = useStore((state) => (peerId ? state.users[peerId] : undefined));
  const timeline = useStore((state) => timelineOf(state, id));
  const hasPending = useStore((state) => (state.pending[id]?.length ?? 0) > 0);
  const composer = useRef<ComposerHandle>(null);
  const isReady = timeline.status === 'ready';
  const divider = useDivider(id, isReady);

  useEffect(() => {
    currentSession()?.openChat(id);
    return () => currentSession()?.openChat(null);
  }, [id]);

  const insert = useCallback((text: string) => composer.current?.insert(text), []);
  const focus = useCallback(() => composer.current?.focus(), []);
  const attach = useCallback((files: File[]) => composer.current?.attach(files), []);
  const edit = useCallback(async (pending: Pending) => {
    const session = currentSession();
    const { image, text, clientId } = pending;
    const blob = image && (await session?.pendingImage(clientId));
    session?.discard(pending);
    if (blob) composer.current?.attach([new File([blob], image.name, { type: blob.type })]);
    if (text) composer.current?.insert(text);
  }, []);
  const [viewed, setViewed] = useState<string | null>(null);
  const { problem } = timeline;
  const isRefused = problem?.kind === 'server' && [400, 403, 404].includes(problem.status);
  if (isRefused && timeline.items.length === 0) return <DeadEnd title={t('conversation.unknown')} />;
  const isGone = peer !== undefined && peer.createdAt === undefined;
  const isEmpty = isReady && timeline.items.length === 0 && !hasPending;
  return (
    <DropZone onFiles={attach}>
      {peer ? (
        <ConversationHeader chatId={id} peer={peer} />
      ) : (
        <div className="min-h-16 border-line border-b bg-surface" />
      )}
      {timeline.status === 'error' && problem && (
        <ProblemPanel problem={problem} onRetry={() => loadNewest(id)} />
      )}
      {!isReady && !hasPending && timeline.status !== 'error' && <Skeleton />}
      {timeline.status === 'error' && !hasPending && <div className="flex-1" />}
      {isEmpty && <Empty onHello={() => insert(t('conversation.hello'))} />}
      {((isReady && !isEmpty) || hasPending) && (
        <MessageList
          key={isReady ? 'ready' : 'waiting'}
          chatId={id}
          chat={chat}
          peerName={peer?.name ?? ''}
          dividerSeq={divider}
          onEdit={edit}
          onView={setViewed}
          onType={focus}
        />
      )}
      {isGone ? (
        <p className="border-line border-t bg-surface p-4 text-center text-muted">
          {t('conversation.deleted')}
        </p>
      ) : (
        <Composer ref={composer} chatId={id} peerName={peer?.name ?? ''} />
      )}
      {viewed !== null && (
        <Suspense fallback={null}>
          <ViewerLayer chatId={id} peerName={peer?.name ?? ''} openKey={viewed} onOpen={setViewed} />
        </Suspense>
      )}
    </DropZone>
  );
}
