import type { User } from '../api/types';

/** app.css has as many colours; white has a contrast of at least 4.5 on each. */
const colours = 8;

/** In a small one the dot must not cover the letters. */
const dots = { small: 'size-2.5', medium: 'size-3', large: 'size-4' };
const sizes = { small: 'size-9 text-sm', medium: 'size-12 text-base', large: 'size-20 text-2xl' };

/** The same colour for the same person everywhere and always. */
function colourOf(id: string): number {
  let sum = 0;
  for (const c of id) sum = (sum * 31 + c.charCodeAt(0)) >>> 0;
  return sum % colours;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toLocaleUpperCase() || '?';
}

interface Props {
  user: Pick<User, '_id' | 'name' | 'avatar'>;
  size?: keyof typeof sizes;
  /** Shown by a dot. Who is offline has none: beside it stands, for all to read or to hear, which of both it is. */
  online?: boolean | undefined;
}

/** Decorative: the name stands beside it. */
export function Avatar({ user, size = 'medium', online }: Props) {
  return (
    <span aria-hidden="true" className={`relative inline-block shrink-0 ${sizes[size]}`}>
      {user.avatar ? (
        <img src={user.avatar} alt="" className="size-full rounded-full object-cover" />
      ) : (
        <span
          data-colour={colourOf(user._id)}
          className="avatar flex size-full select-none items-center justify-center rounded-full font-semibold text-white tracking-wide"
        >
          {initials(user.name)}
        </span>
      )}
      {online && (
        <span className={`presence-dot absolute end-0 bottom-0 rounded-full bg-online ${dots[size]}`} />
      )}
    </span>
  );
}
