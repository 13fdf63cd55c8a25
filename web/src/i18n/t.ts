import { preferences } from '../store/preferences';
import type enChat from './en/chat.json';
import enLogin from './en/login.json';

export type Key = keyof typeof enLogin | keyof typeof enChat;
export type Catalogue = Record<Key, string>;
type Params = Record<string, string | number>;

/** What can be chosen. The pseudo-locale shows texts that are not translated, and layouts that are too tight. */
export const locales = [
  { tag: 'en', name: 'English' },
  { tag: 'de', name: 'Deutsch' },
  { tag: 'en-XA', name: 'Ƥşḗŭḓǿ' },
] as const;
export type LocaleTag = (typeof locales)[number]['tag'];

let tag: LocaleTag = 'en';
// The login page speaks English at once; the texts of the rest come with the rest.
let catalogue: Partial<Catalogue> = enLogin;
let plurals = new Intl.PluralRules('en');

async function english(): Promise<Catalogue> {
  return { ...enLogin, ...(await import('./en/chat.json')).default };
}

const loaders: Record<LocaleTag, () => Promise<Catalogue>> = {
  en: english,
  de: async () => (await import('./de.json')).default,
  'en-XA': async () => (await import('./pseudo')).pseudo(await english()),
};

function isLocale(text: string): text is LocaleTag {
  return locales.some((one) => one.tag === text);
}

/** The chosen language, else the first of the browser's that there is. */
export function wantedLocale(): LocaleTag {
  const { locale } = preferences.getState();
  if (isLocale(locale)) return locale;
  const known = navigator.languages.map((one) => one.split('-')[0] ?? '').find(isLocale);
  return known ?? 'en';
}

/** Makes `t` speak a language: all of it, or as much as the login page needs. */
export async function loadLocale(wanted: LocaleTag, part: 'all' | 'login' = 'all'): Promise<void> {
  const isHere = wanted === 'en' && part === 'login';
  catalogue = isHere ? enLogin : await loaders[wanted]().catch(() => catalogue);
  tag = wanted;
  plurals = new Intl.PluralRules(tag);
  document.documentElement.lang = tag === 'en-XA' ? 'en' : tag;
}

/** For dates and numbers: the chosen language with the browser's habits of its region, where they are the same one. */
export function formatTag(): string {
  const language = tag.split('-')[0] ?? 'en';
  return navigator.languages.find((one) => one.split('-')[0] === language) ?? language;
}

export function t(key: Key, params?: Params): string {
  const text = catalogue[key] ?? key;
  return params ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)) : text;
}

type PluralKey = { [K in Key]: K extends `${infer Stem}_other` ? Stem : never }[Key];

export function tCount(stem: PluralKey, count: number, shown: string = String(count)): string {
  const form = plurals.select(count) === 'one' ? 'one' : 'other';
  return t(`${stem}_${form}` as Key, { count: shown });
}
