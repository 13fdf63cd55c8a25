import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useLocation } from 'wouter';
import type { Problem } from '../../api/problem';
import type { User } from '../../api/types';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { startChat } from '../../sync/new_chat';
import { Avatar } from '../../ui/avatar';
import { Dialog } from '../../ui/dialog';
import { inputClass } from '../../ui/field';
import { useRecentPeople } from './use_recent_people';
import { useSearch } from './use_search';

interface OptionProps {
  id: string;
  user: User;
  isActive: boolean;
  onPick: () => void;
}

function Option({ id, user, isActive, onPick }: OptionProps) {
  const online = useStore((state) => (state.online ? (state.online[user._id] ?? false) : undefined));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
    // biome-ignore lint/a11y/useFocusableInteractive: a combobox points at its options, the focus stays in the field
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      onClick={onPick}
      className={`flex items-center gap-3 rounded-xl px-3 py-2 ${isActive ? 'bg-accent-soft' : 'hover:bg-raised'}`}
    >
      <Avatar user={user} size="small" online={online} />
      <span className="truncate font-medium" dir="auto">
        {user.name}
      </span>
      {online && <span className="ms-auto text-online text-sm">{t('conversation.online')}</span>}
    </div>
  );
}

function statusText(
  search: ReturnType<typeof useSearch>,
  count: number,
  typed: string,
  isOffline: boolean,
): string {
  if (isOffline) return t('switcher.offline');
  if (typed.length < 2) return t('switcher.more');
  if (search.isBusy) return t('switcher.searching');
  return count === 0 ? t('switcher.none') : '';
}

/** Finds a person and opens the conversation, which is made when there is none: Ctrl+K, type, Enter. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [, go] = useLocation();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isOffline = useStore((state) => state.connection.phase === 'offline');
  const typed = text.trim();
  const recent = useRecentPeople(typed);
  const search = useSearch(typed);
  const known = new Set(recent.map((one) => one.user._id));
  const others = search.users.filter((user) => !known.has(user._id));
  const options = [...recent.map((one) => one.user), ...others];

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text begins at the top
  useEffect(() => setActive(0), [typed]);

  async function pick(user: User | undefined) {
    if (!user) return;
    const chat = recent.find((one) => one.user._id === user._id)?.chatId;
    if (chat) return open(chat);
    const answer = await startChat(user._id);
    if (answer.ok) open(answer.value);
    else setProblem(answer.problem);
  }

  function open(chatId: string) {
    onClose();
    go(`/chat/${chatId}`);
  }

  function pressed(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setActive((active + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void pick(options[active]);
    }
  }

  const option = (user: User, index: number) => (
    <Option
      key={user._id}
      id={`${id}-${index}`}
      user={user}
      isActive={index === active}
      onPick={() => pick(user)}
    />
  );
  const note = problem ? problemText(problem) : search.problem ? problemText(search.problem) : '';
  return (
    <Dialog title={t('switcher.title')} onClose={onClose}>
      <div className="px-5 pb-2">
        <input
          role="combobox"
          data-autofocus
          aria-label={t('switcher.label')}
          placeholder={t('switcher.label')}
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={options.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={pressed}
          className={inputClass}
        />
        <p role="status" className="mt-2 min-h-5 text-muted text-sm">
          {statusText(search, options.length, typed, isOffline)}
        </p>
        {note && (
          <p role="alert" className="text-danger text-sm">
            {note}
          </p>
        )}
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('switcher.people')}
        className="scroll-quiet overflow-y-auto px-3 pb-3"
      >
        {options.map(option)}
      </div>
    </Dialog>
  );
}
