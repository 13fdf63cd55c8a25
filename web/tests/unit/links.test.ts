import { describe, expect, test } from 'vitest';
import { partsOf } from '../../src/features/conversation/links';

const links = (text: string) =>
  partsOf(text).flatMap((part) => (part.kind === 'link' ? [[part.text, part.href]] : []));

describe('addresses in a text', () => {
  test('are set apart, and nothing of the text is lost', () => {
    const text = 'See https://example.com/a?b=c#d and www.example.org, or write to ana+x@example.com!';
    expect(
      partsOf(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
    expect(links(text)).toEqual([
      ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
      ['www.example.org', 'https://www.example.org'],
      ['ana+x@example.com', 'mailto:ana+x@example.com'],
    ]);
  });

  test('signs of the sentence are no part of them', () => {
    expect(links('(https://example.com/x).')).toEqual([['https://example.com/x', 'https://example.com/x']]);
    expect(links('https://example.com/a_(b)')).toEqual([
      ['https://example.com/a_(b)', 'https://example.com/a_(b)'],
    ]);
  });

  test('no other scheme ever becomes a link', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd //example.com')).toEqual([]);
    expect(links('javascript://https://example.com')).toEqual([
      ['https://example.com', 'https://example.com'],
    ]);
  });

  test('a text without addresses is one part', () => {
    expect(partsOf('3.14 is not.an address @home')).toHaveLength(1);
    expect(partsOf('')).toEqual([]);
  });
});
