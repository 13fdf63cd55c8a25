import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { loadLocale, wantedLocale } from './i18n/t';
import { preferences } from './store/preferences';
import './styles/app.css';
import { start } from './sync/account';

async function boot() {
  await loadLocale(wantedLocale(), 'login');
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  const app = createRoot(root);
  // A new language is a new tree: every text in it is made again.
  const render = () =>
    app.render(
      <StrictMode>
        <App key={wantedLocale()} />
      </StrictMode>,
    );
  let shown = wantedLocale();
  preferences.subscribe(() => {
    if (wantedLocale() === shown) return;
    shown = wantedLocale();
    void loadLocale(shown).then(render);
  });
  render();
  void start();
}

void boot();

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it the page works as well; it only needs the network to open.
  window.addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => {}));
}
