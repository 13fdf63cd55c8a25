import { useStore as useZustand } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type Theme = 'system' | 'light' | 'dark';

/** What a person chose on this device; kept over a logout. */
export interface Preferences {
  theme: Theme;
  /** Empty: the browser's language. */
  locale: string;
  enterSends: boolean;
  singleKeys: boolean;
}

const key = 'ping.preferences';
const defaults: Preferences = { theme: 'system', locale: '', enterSends: true, singleKeys: true };

function stored(): Preferences {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return { ...defaults, ...(typeof found === 'object' ? found : {}) };
  } catch {
    return defaults;
  }
}

export const preferences = createStore<Preferences>()(() => stored());

export function usePreference<T>(select: (preferences: Preferences) => T): T {
  return useZustand(preferences, select);
}

export function setPreference(changed: Partial<Preferences>): void {
  preferences.setState(changed);
  localStorage.setItem(key, JSON.stringify(preferences.getState()));
  showTheme();
}

/** The same as public/theme.js does before the first paint. */
function showTheme(): void {
  const { theme } = preferences.getState();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
