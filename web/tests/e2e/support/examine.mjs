// Looks at one state of the page as a person with other needs, another screen or at night would.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { isThorough, screenshot } from './browser.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What another theme can break. */
const colours = ['color-contrast', 'link-in-text-block'];

const sizes = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
];
const themes = ['light', 'dark'];

/** What axe complains of, how much is wider than the screen, and a picture of it. */
async function complaintsOf(page, name, theme) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const runOnly = theme === 'light' || isThorough ? everything : colours;
  const { violations, overflow } = await page.evaluate(async (rules) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const found = await window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
    return {
      violations: found.violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
      ),
      overflow: document.documentElement.scrollWidth - window.innerWidth,
    };
  }, runOnly);
  await screenshot(page, `${name}-${theme}`);
  return overflow > 0 ? [...violations, `${overflow} px too wide`] : violations;
}

/** Every look of one state: axe finds nothing, nothing is wider than the screen, and a picture is kept. */
export async function examine(page, name) {
  const complaints = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of themes) {
      const found = await complaintsOf(page, `${name}-${size.width}`, theme);
      complaints.push(...found.map((one) => `${size.width} px, ${theme}: ${one}`));
    }
  }
  await page.setViewportSize(sizes[0]);
  assert.deepEqual(complaints, [], name);
}

/** What a finger must be able to hit (CLIENT.md §1.15, rule 5), and is smaller than 44 px. Links in a text are text. */
function smallTargets() {
  const least = 44;
  const small = [];
  const all = document.querySelectorAll(
    'button, a, input:not([hidden]), select, textarea, summary, [role="option"]',
  );
  for (const one of all) {
    const target = one.closest('label') ?? one;
    const extended = getComputedStyle(target, '::before');
    const grown = extended.position === 'absolute' ? -2 * Number.parseFloat(extended.top) || 0 : 0;
    const { width, height, bottom } = target.getBoundingClientRect();
    const isInText = one.tagName === 'A' && getComputedStyle(one).display === 'inline';
    if (isInText || width === 0 || bottom < 0 || one.closest('[inert]')) continue;
    if (width + grown < least - 0.5 || height + grown < least - 0.5)
      small.push(`${one.outerHTML.slice(0, 90)}: ${width} x ${height}`);
  }
  return small;
}

/** The same on a phone, whose size stays, and that is used with a finger. */
export async function examinePhone(page, name) {
  const complaints = [];
  for (const theme of themes) complaints.push(...(await complaintsOf(page, `phone-${name}`, theme)));
  assert.deepEqual([...complaints, ...(await page.evaluate(smallTargets))], [], name);
}
