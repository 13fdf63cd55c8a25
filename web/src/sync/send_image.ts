import { isStatus, type Outcome } from '../api/problem';
import { uploadMessage } from '../api/upload';
import type { Attempt, Sent } from '../outbox/outbox';
import type { Pending } from '../store/state';
import { storedIn } from './send_text';

/** Answers that the same message will always get. */
const final = [400, 403, 404, 413, 415, 422];

function sentBy(outcome: Outcome<unknown>): Sent {
  if (outcome.ok) return storedIn(outcome.value);
  const { problem } = outcome;
  const isFinal = problem.kind === 'server' && isStatus(problem, ...final);
  if (isFinal) return { kind: 'refused', reason: problem.message };
  const wait = problem.kind === 'server' ? problem.retryAfter : null;
  return wait === null ? { kind: 'later' } : { kind: 'later', afterMs: wait * 1_000 };
}

/** One try to send a message with an image, by REST. */
export async function sendImage(
  { chatId, text, clientId, image }: Pending,
  bytes: Blob,
  signal: Attempt['signal'],
  onProgress: (fraction: number) => void,
): Promise<Sent> {
  const upload = { chatId, clientId, text, image: bytes, name: image?.name ?? 'image' };
  return sentBy(await uploadMessage(upload, { onProgress, signal }));
}
