import { type FormEvent, useRef, useState } from 'react';
import { Link, Redirect } from 'wouter';
import { isStatus } from '../../api/problem';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { logInWith } from '../../sync/login';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { FieldError } from '../../ui/field';
import { AuthCard } from './auth_card';
import { CodeInput } from './code_input';
import { DevMailboxHint } from './dev_mailbox_hint';
import { type Flow, maskEmail, readFlow, writeFlow } from './flow';
import { requestCode } from './request_code';
import { Resend } from './resend';

const codeLength = 6;

export function Verify() {
  const [flow, setFlow] = useState(readFlow);
  return flow ? <VerifyFlow flow={flow} onFlow={setFlow} /> : <Redirect to="/login" />;
}

function VerifyFlow({ flow, onFlow }: { flow: Flow; onFlow: (flow: Flow) => void }) {
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  function complain(text: string) {
    setError(text);
    input.current?.select();
  }

  async function check(otp: string) {
    if (busy) return;
    if (otp.length < codeLength) return complain(t('verify.short'));
    setBusy(true);
    setError(null);
    const { email, flowId } = flow;
    const answer = await logInWith({ email, otp, ...(flowId ? { flowId } : {}) });
    setBusy(false);
    if (!answer.ok) {
      return complain(isStatus(answer.problem, 400) ? t('verify.wrong') : problemText(answer.problem));
    }
    writeFlow(null);
  }

  function typed(digits: string) {
    setCode(digits);
    setError(null);
    if (digits.length === codeLength && digits !== code) void check(digits);
  }

  async function resend() {
    setBusy(true);
    const asked = await requestCode(flow.email);
    setBusy(false);
    if ('problem' in asked) return complain(problemText(asked.problem));
    onFlow(asked.flow);
    setCode('');
    setError(null);
    announce(t('verify.resent'));
    input.current?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void check(code);
  }

  return (
    <AuthCard title={t('verify.title')}>
      <p className="mb-6 text-muted">
        {t('verify.sentTo')} <b className="text-text [overflow-wrap:anywhere]">{maskEmail(flow.email)}</b>{' '}
        <Link
          href="/login"
          className="whitespace-nowrap font-semibold text-accent underline-offset-2 hover:underline"
        >
          {t('verify.change')}
        </Link>
      </p>
      <form onSubmit={submit} noValidate>
        <CodeInput ref={input} value={code} error={error !== null} onChange={typed} />
        {error && <FieldError id="code-error">{error}</FieldError>}
        <Button type="submit" className="mt-5 w-full" aria-busy={busy}>
          {busy ? t('verify.busy') : t('verify.submit')}
        </Button>
      </form>
      <Resend flow={flow} busy={busy} onResend={resend} />
      <DevMailboxHint />
    </AuthCard>
  );
}
