// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../src/api/problem';
import { digitsOf, maskEmail } from '../../src/features/auth/flow';
import { deviceName } from '../../src/features/profile/device';
import de from '../../src/i18n/de.json';
import enChat from '../../src/i18n/en/chat.json';
import enLogin from '../../src/i18n/en/login.json';
import { badgeCount, countdown, dayName, listTime, messageTime } from '../../src/i18n/format';
import { problemText } from '../../src/i18n/problem_text';
import { pseudo } from '../../src/i18n/pseudo';
import { loadLocale, t, tCount } from '../../src/i18n/t';
import { initials } from '../../src/ui/avatar';

const en = { ...enLogin, ...enChat };
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('catalogues', () => {
  test('German has every text, and no other, with the same holes', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en))
      expect(holes(de[key as keyof typeof de])).toEqual(holes(text));
  });

  test('the pseudo-locale changes every text and keeps its holes', () => {
    for (const [key, text] of Object.entries(pseudo(en))) {
      expect(text).toMatch(/^\[.*\]$/s);
      expect(holes(text)).toEqual(holes(en[key as keyof typeof en]));
    }
  });

  test('plural forms and holes are filled', async () => {
    await loadLocale('en');
    expect(tCount('chats.unread', 1)).toBe('1 unread message');
    expect(tCount('chats.unread', 100, '99+')).toBe('99+ unread messages');
    await loadLocale('de');
    expect(t('verify.resendIn', { time: '0:42' })).toBe('Neuer Code in 0:42');
    await loadLocale('en');
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 21, 15, 0);
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

  test('of a message: the time, and the date when it is not today', () => {
    expect(messageTime(at(2026, 10, 21, 10, 32), now)).toMatch(/10:32/);
    expect(messageTime(at(2026, 10, 21, 10, 32), now)).not.toMatch(/Nov/);
    expect(messageTime(at(2026, 10, 20, 23, 59), now)).toMatch(/Nov.*20|20.*Nov/);
    expect(messageTime(at(2025, 10, 20, 9, 5), now)).toMatch(/2025/);
  });

  test('in the list: today, yesterday, a week day, a date', () => {
    expect(listTime(at(2026, 10, 21, 0, 1), now)).toMatch(/01/);
    expect(listTime(at(2026, 10, 20, 23, 59), now)).toBe('Yesterday');
    expect(listTime(at(2026, 10, 17, 8, 0), now)).toMatch(/^Tue/);
    expect(listTime(at(2026, 9, 1, 8, 0), now)).toMatch(/2026/);
  });

  test('of a day', () => {
    expect(dayName(at(2026, 10, 21, 0, 0), now)).toBe('Today');
    expect(dayName(at(2026, 10, 20, 23, 59), now)).toBe('Yesterday');
    expect(dayName(at(2026, 10, 18, 12, 0), now)).toMatch(/Wednesday/);
  });

  test('of a countdown, never below nothing', () => {
    expect([42, 0, -5, 61, 59.2].map(countdown)).toEqual(['0:42', '0:00', '0:00', '1:01', '1:00']);
  });
});

test('a code is found in what was pasted, leading zeros kept', () => {
  expect(digitsOf('Your code is 012 345.')).toBe('012345');
  expect(digitsOf('123-456')).toBe('123456');
  expect(digitsOf('12345678')).toBe('123456');
});

test('an address is masked, a plus stays', () => {
  expect(maskEmail('ana+ping@example.com')).toBe('a•••@example.com');
  expect(maskEmail('nonsense')).toBe('nonsense');
});

test('small texts: badges, initials, devices', () => {
  expect([1, 99, 100].map(badgeCount)).toEqual(['1', '99', '99+']);
  expect(['Ana Maria Morales', 'bo', '  ', '👩‍🚀 Zoe'].map(initials)).toEqual(['AM', 'B', '?', '👩Z']);
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0')).toBe(
    'Firefox, Linux',
  );
  expect(deviceName('curl/8.1')).toBe('curl/8.1');
  expect(deviceName('')).toBe('');
});

test('every problem has a sentence: no answer, too many, a broken proxy', async () => {
  await loadLocale('en');
  expect(problemText({ kind: 'network' })).toMatch(/cannot be reached/);
  const header = (all: Record<string, string>) => (name: string) => all[name] ?? null;
  const late = problemOf(429, header({ 'retry-after': '42' }), { message: 'no', code: 'x' });
  expect(problemText(late)).toMatch(/0:42/);
  const proxy = problemOf(502, header({ 'x-request-id': 'r1' }), '<html>');
  expect(proxy).toMatchObject({ code: 'http_502', requestId: 'r1' });
  expect(problemText(proxy)).toMatch(/server/);
});
