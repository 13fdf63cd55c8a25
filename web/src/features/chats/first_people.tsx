import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { api, outcome } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { User } from '../../api/types';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { startChat } from '../../sync/new_chat';
import { Avatar } from '../../ui/avatar';

const most = 8;

/** For who has no conversation yet: people to begin with. Null while it is not known whether there are any. */
function usePeople(): User[] | null {
  const [people, setPeople] = useState<User[] | null>(null);
  const me = useStore((state) => state.session.me?._id);
  useEffect(() => {
    // One more, as the list has oneself in it.
    void outcome(api.GET('/api/v1/user/all', { params: { query: { limit: most + 1 } } })).then((answer) => {
      setPeople(answer.ok ? answer.value.filter((user) => user._id !== me).slice(0, most) : []);
    });
  }, [me]);
  return people;
}

export function FirstPeople() {
  const people = usePeople();
  const online = useStore((state) => state.online);
  const [, go] = useLocation();
  const [problem, setProblem] = useState<Problem | null>(null);

  async function open(user: User) {
    const answer = await startChat(user._id);
    if (answer.ok) go(`/chat/${answer.value}`);
    else setProblem(answer.problem);
  }
  if (people === null) return null;
  if (people.length === 0) return <p className="max-w-sm text-center text-muted">{t('people.nobody')}</p>;
  return (
    <section aria-labelledby="people-title" className="enter w-full">
      <h2 id="people-title" className="px-2.5 pb-1 font-semibold text-muted text-sm">
        {t('people.hello')}
      </h2>
      {problem && (
        <p role="alert" className="px-2.5 text-danger text-sm">
          {problemText(problem)}
        </p>
      )}
      <ul>
        {people.map((user) => (
          <li key={user._id}>
            <button
              type="button"
              onClick={() => open(user)}
              className="flex w-full items-center gap-3 rounded-2xl px-2.5 py-2 text-start -outline-offset-2 hover:bg-raised"
            >
              <Avatar user={user} online={online?.[user._id]} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold" dir="auto">
                  {user.name}
                </span>
                <span className="block text-muted text-sm">
                  {t(online?.[user._id] ? 'conversation.online' : 'people.write')}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
