import type { Catalogue } from './t';

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = 'àƀçđéƒğĥïĵķłɱñøƥɋřšţûṽŵẋýžÀƁÇĐÉƑĞĤÏĴĶŁṀÑØƤɊŘŠŢÛṼŴẊÝŽ';
const table = new Map([...plain].map((letter, i) => [letter, [...accented][i] ?? letter]));

function stretch(text: string): string {
  const longer = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : [...part].map((c) => table.get(c) ?? c).join('')))
    .join('');
  return `[${longer}${'~'.repeat(Math.ceil(text.length * 0.3))}]`;
}

/** English with accents, brackets and a third more length: finds what is not translated or does not fit. */
export function pseudo(catalogue: Catalogue): Catalogue {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [key, stretch(text)]),
  ) as Catalogue;
}
