import { type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isStatus } from '../../api/problem';
import { problemText } from '../../i18n/problem_text';
import { t } from '../../i18n/t';
import { useStore } from '../../store';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { AuthCard } from './auth_card';
import { DevMailboxHint } from './dev_mailbox_hint';
import { readFlow } from './flow';
import { requestCode } from './request_code';

function complaintOf(email: string): string | null {
  if (email === '') return t('login.empty');
  return /^[^\s@]+@[^\s@]+$/.test(email) ? null : t('login.invalid');
}

export function Login() {
  const [, go] = useLocation();
  const expired = useStore((state) => state.session.expired);
  const [email, setEmail] = useState(() => expired || (readFlow()?.email ?? ''));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  function complain(text: string) {
    setError(text);
    form.current?.querySelector('input')?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const address = email.trim();
    const complaint = complaintOf(address);
    if (complaint) return complain(complaint);
    if (busy) return;
    setBusy(true);
    setError(null);
    const asked = await requestCode(address);
    setBusy(false);
    if ('flow' in asked) return go('/verify');
    complain(isStatus(asked.problem, 400) ? t('login.invalid') : problemText(asked.problem));
  }

  return (
    <AuthCard title={t('login.title')}>
      {expired === null ? (
        <p className="mb-6 text-muted">{t('login.hint')}</p>
      ) : (
        <p role="status" className="my-4 rounded-xl bg-notice px-3.5 py-2.5 text-notice-text text-sm">
          {t('login.expired')}
        </p>
      )}
      <form ref={form} onSubmit={submit} noValidate>
        <Field
          label={t('login.email')}
          type="email"
          name="email"
          autoComplete="email"
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          placeholder="name@example.com"
          value={email}
          error={error}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" className="mt-5 w-full" aria-busy={busy}>
          {busy ? t('login.busy') : t('login.submit')}
        </Button>
      </form>
      <DevMailboxHint />
    </AuthCard>
  );
}
