import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Login } from './features/auth/login';
import { Verify } from './features/auth/verify';
import { loadLocale, wantedLocale } from './i18n/t';
import { useStore } from './store';
import { Announcer } from './ui/announcer';
import { Boundary } from './ui/boundary';
import { Logo } from './ui/logo';

const Shell = lazy(async () => {
  const [module] = await Promise.all([import('./features/shell/shell'), loadLocale(wantedLocale())]);
  return { default: module.Shell };
});

const MailboxPage = lazy(async () => {
  const [module] = await Promise.all([import('./features/mailbox/mailbox'), loadLocale(wantedLocale())]);
  return { default: module.MailboxPage };
});

function Splash() {
  return (
    <div className="flex h-dvh items-center justify-center">
      <Logo className="skeleton size-16" />
    </div>
  );
}

function LoggedOut() {
  return (
    <Switch>
      <Route path="/verify" component={Verify} />
      <Route path="/login" component={Login} />
      <Route>
        <Redirect to="/login" replace />
      </Route>
    </Switch>
  );
}

function Pages() {
  const status = useStore((state) => state.session.status);
  if (status === 'unknown') return <Splash />;
  return (
    <Boundary frame={(instead) => <div className="flex h-dvh flex-col">{instead}</div>}>
      <Suspense fallback={<Splash />}>
        <Switch>
          <Route path="/mailbox" component={MailboxPage} />
          <Route>{status === 'out' ? <LoggedOut /> : <Shell />}</Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}

export function App() {
  return (
    <>
      <Pages />
      <Announcer />
    </>
  );
}
