import { useEffect, useState } from 'react';
import { api, outcome } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { User } from '../../api/types';
import { read } from '../../store';

const pauseMs = 200;
const shortest = 2;
const pageSize = 20;

interface Search {
  users: User[];
  isBusy: boolean;
  problem: Problem | null;
}

const nothing: Search = { users: [], isBusy: false, problem: null };

/** Asks the server for people, once the typing pauses. */
export function useSearch(text: string): Search {
  const [search, setSearch] = useState(nothing);
  useEffect(() => {
    if (text.length < shortest) {
      setSearch(nothing);
      return;
    }
    let isStale = false;
    setSearch((before) => ({ ...before, isBusy: true }));
    const timer = setTimeout(async () => {
      const query = { search: text, limit: pageSize };
      const answer = await outcome(api.GET('/api/v1/user/all', { params: { query } }));
      if (isStale) return;
      const me = read().session.me?._id;
      setSearch(
        answer.ok
          ? { users: answer.value.filter((user) => user._id !== me), isBusy: false, problem: null }
          : { users: [], isBusy: false, problem: answer.problem },
      );
    }, pauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return search;
}
