export type Part = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const address = /\b(?:https?:\/\/|www\.)[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/gi;

/** Signs at the end of an address that belong to the sentence; a closing bracket only when none was opened. */
function withoutTail(found: string): string {
  const text = found.replace(/[.,;:!?'"*_]+$/, '');
  const isOpened = text.includes('(');
  const bare = text.endsWith(')') && !isOpened ? text.slice(0, -1) : text;
  return bare === found ? found : withoutTail(bare);
}

function hrefOf(text: string): string | null {
  const isMail = !/^(?:https?:\/\/|www\.)/i.test(text);
  if (isMail) return `mailto:${text}`;
  const candidate = /^www\./i.test(text) ? `https://${text}` : text;
  return URL.canParse?.(candidate) === false ? null : candidate;
}

/** A text with its web and mail addresses set apart. Only http, https and mailto: nothing else ever becomes a link. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutTail(match[0]);
    const href = hrefOf(found);
    if (!href) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'link', text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
