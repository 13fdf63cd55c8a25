import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);

/** WCAG 2.2: relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const texts: [string, string[]][] = [
  ['text', ['surface', 'raised', 'canvas', 'peer', 'accent-soft']],
  ['muted', ['surface', 'raised', 'peer', 'accent-soft']],
  ['accent', ['surface', 'raised', 'accent-soft']],
  ['on-accent', ['accent', 'accent-strong']],
  ['own-text', ['own']],
  ['own-muted', ['own']],
  ['danger', ['surface', 'danger-soft', 'canvas', 'accent-soft']],
  ['text', ['danger-soft']],
  ['online', ['surface']],
  ['notice-text', ['notice']],
];
/** Ticks, borders of fields, dots and focus rings. */
const shapes: [string, string[]][] = [
  ['seen', ['own', 'surface', 'raised']],
  ['control', ['surface', 'raised']],
  ['online', ['surface']],
  ['accent', ['surface', 'canvas', 'raised']],
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  const colour = (name: string) => tokens.get(name)?.[theme] ?? '';
  const pairs = (table: [string, string[]][]) =>
    table.flatMap(([ink, papers]) => papers.map((paper) => [ink, paper]));

  test.each(pairs(texts))('text: %s on %s has 4.5', (ink = '', paper = '') => {
    expect(contrast(colour(ink), colour(paper))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(pairs(shapes))('shape: %s on %s has 3', (ink = '', paper = '') => {
    expect(contrast(colour(ink), colour(paper))).toBeGreaterThanOrEqual(3);
  });
});
