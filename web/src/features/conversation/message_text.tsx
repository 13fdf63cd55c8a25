import { partsOf } from './links';

/** Some emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  if (text.length > 24 || !/\p{Extended_Pictographic}/u.test(text)) return false;
  const rest = text.replace(
    /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Variation_Selector}|\u200d|\s/gu,
    '',
  );
  return rest === '';
}

export function MessageText({ text }: { text: string }) {
  return (
    <span className="message-text" dir="auto">
      {partsOf(text).map((part, i) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <a
            key={i}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="underline decoration-1 underline-offset-2 hover:decoration-2"
          >
            {part.text}
          </a>
        ),
      )}
    </span>
  );
}
