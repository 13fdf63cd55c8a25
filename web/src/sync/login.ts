import { api, outcome } from '../api/client';
import type { Outcome } from '../api/problem';
import { loggedIn } from './account';

interface Guess {
  email: string;
  otp: string;
  /** Of the request for the code, where this browser made it. */
  flowId?: string;
}

/** Checks a code; the right one logs in. */
export async function logInWith(guess: Guess): Promise<Outcome<null>> {
  const answer = await outcome(api.POST('/api/v1/verify', { body: guess }));
  if (!answer.ok) return answer;
  await loggedIn(answer.value.user);
  return { ok: true, value: null };
}
