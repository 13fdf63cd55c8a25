import { api, outcome } from '../../api/client';
import { isStatus, type Problem } from '../../api/problem';
import { type Flow, readFlow, writeFlow } from './flow';

/** How long an earlier code may still live when the server only says that it is too early for a new one. */
const codeLivesMs = 300_000;

/**
 * Asks for a code. A 429 is a result too: an earlier code is on its way or still good, so the flow goes on with the
 * time that the server named.
 */
export async function requestCode(email: string): Promise<{ flow: Flow } | { problem: Problem }> {
  const asked = Date.now();
  const answer = await outcome(api.POST('/api/v1/login', { body: { email } }));
  if (answer.ok) {
    const { flowId, resendIn, expiresIn } = answer.value;
    const flow = { email, flowId, resendAt: asked + resendIn * 1000, expiresAt: asked + expiresIn * 1000 };
    writeFlow(flow);
    return { flow };
  }
  const { problem } = answer;
  if (!isStatus(problem, 429) || problem.kind !== 'server') return { problem };
  const before = readFlow();
  const known = before?.email === email ? before : null;
  const flow: Flow = {
    email,
    flowId: known?.flowId ?? null,
    resendAt: asked + (problem.retryAfter ?? 60) * 1000,
    expiresAt: known?.expiresAt ?? asked + codeLivesMs,
  };
  writeFlow(flow);
  return { flow };
}
