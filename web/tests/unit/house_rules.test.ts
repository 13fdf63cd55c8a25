import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'schema.d.ts')
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** `features/chats/x.ts` is part of `features/chats`, `store/x.ts` of `store`, `app.tsx` of the top. */
function partOf(path: string): string {
  const folders = dirname(path).split('/');
  return folders[0] === 'features' ? folders.slice(0, 2).join('/') : (folders[0] ?? '.');
}

function importsOf(file: string): string[] {
  const text = textOf.get(file) ?? '';
  const found = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path = '']) => path);
  return found.map((path) => {
    const target = relative(root, join(root, dirname(file), path));
    return partOf(textOf.has(`${target}/index.ts`) ? `${target}/index.ts` : target);
  });
}

/** Who may import whom. A part may always import itself. */
const base = ['api', 'i18n', 'store'];
const screen = [...base, 'ui', 'sync', 'realtime', 'keys'];
const allowed: Record<string, string[]> = {
  api: [],
  realtime: ['api'],
  store: ['api', 'realtime'],
  outbox: ['api', 'store'],
  i18n: ['api', 'store'],
  sync: ['api', 'realtime', 'store', 'outbox'],
  ui: [...base, 'sync'],
  keys: [...base, 'ui', 'features/shell'],
  'features/auth': screen,
  'features/chats': screen,
  'features/composer': screen,
  'features/profile': screen,
  'features/viewer': screen,
  'features/mailbox': screen,
  'features/conversation': [...screen, 'features/composer', 'features/viewer'],
  'features/shell': [...screen, 'features/chats', 'features/conversation', 'features/profile'],
  '.': [...screen, 'features/auth', 'features/mailbox', 'features/shell', 'styles'],
};

describe('the house rules', () => {
  test.each(Object.keys(allowed))('%s imports only what it may', (part) => {
    const may = [part, ...(allowed[part] ?? [])];
    const faults = files
      .filter((file) => partOf(file) === part)
      .flatMap((file) =>
        importsOf(file)
          .filter((one) => !may.includes(one))
          .map((one) => `${file} -> ${one}`),
      );
    expect(faults).toEqual([]);
  });

  test('every folder has a row', () => {
    expect([...new Set(files.map(partOf))].filter((part) => !(part in allowed))).toEqual([]);
  });

  test('what runs without a page knows no React', () => {
    const quiet = files.filter((file) =>
      /^(realtime|outbox|sync|api)\/|anchor\.ts|window\.ts|rows\.ts/.test(file),
    );
    expect(quiet.filter((file) => /from 'react/.test(textOf.get(file) ?? ''))).toEqual([]);
  });

  test('no text of its own in a component: all texts are in the catalogues', () => {
    const literals = files
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) =>
        [...(textOf.get(file) ?? '').matchAll(/>\s*([A-Za-z][A-Za-z ,.']{2,})\s*</g)].map(
          ([, text]) => `${file}: ${text}`,
        ),
      );
    expect(literals).toEqual([]);
  });

  test('files are short', () => {
    const long = files.filter((file) => (textOf.get(file) ?? '').split('\n').length > 300);
    expect(long).toEqual([]);
  });
});
