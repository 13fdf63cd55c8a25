// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sessions } from '../../src/features/profile/sessions';
import { loadLocale } from '../../src/i18n/t';
import { change } from '../../src/store';
import { initialState, type Pending } from '../../src/store/state';
import { logout } from '../../src/sync/account';
import { LogoutButton } from '../../src/ui/logout_button';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
vi.mock('../../src/sync/account', () => ({ logout: vi.fn(async () => ({ ok: true, value: null })) }));

const waiting: Pending = {
  clientId: 'k',
  chatId: 'c',
  text: 'hi',
  createdAt: 0,
  state: 'queued',
  reason: null,
};
let page: HTMLElement;
let root: Root;

beforeEach(async () => {
  await loadLocale('en');
  vi.mocked(logout).mockClear();
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 404 }));
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
});
afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
});

async function press(name: string) {
  const found = [...page.querySelectorAll('button')].find((one) => one.textContent === name);
  expect(found, name).toBeDefined();
  await act(async () => found?.click());
}

test.each([
  ['Log out', createElement(LogoutButton, { wide: true }), false],
  ['Log out everywhere', createElement(Sessions), true],
])('%s: asks first when messages would be lost, else goes at once', async (name, element, everywhere) => {
  change(() => ({ ...initialState, pending: { c: [waiting] } }));
  await act(async () => root.render(element));
  await press(name);
  expect(logout).not.toHaveBeenCalled();
  expect(page.querySelector('dialog')?.textContent).toContain('1 message is not sent yet');
  await press('Log out and lose them');
  expect(logout).toHaveBeenCalledExactlyOnceWith(everywhere);

  vi.mocked(logout).mockClear();
  await press('Cancel');
  await act(async () => change(() => initialState));
  await press(name);
  expect(logout).toHaveBeenCalledExactlyOnceWith(everywhere);
});
