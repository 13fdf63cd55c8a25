import { formatTag, t } from './t';

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = formatTag() + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.DateTimeFormat(formatTag(), options);
  made.set(key, known);
  return known;
}

const dayMs = 86_400_000;

/** The number of a date's day in the viewer's time zone. */
function dayNumber(date: Date): number {
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / dayMs);
}

/** `2026-11-21` in the viewer's time zone: for grouping. */
export function dayKey(iso: string): string {
  return String(dayNumber(new Date(iso)));
}

/** 10:32 */
export function clockTime(iso: string): string {
  return formatter({ hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** The time of a message: 10:32 today, 20 Nov, 10:32 before. */
export function messageTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (dayNumber(date) === dayNumber(now)) return clockTime(iso);
  const isThisYear = date.getFullYear() === now.getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return formatter({ day: 'numeric', month: 'short', ...year, hour: '2-digit', minute: '2-digit' }).format(
    date,
  );
}

/** In the list of chats: 10:32, Yesterday, Fri, 12/11/2026. */
export function listTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const days = dayNumber(now) - dayNumber(date);
  if (days <= 0) return clockTime(iso);
  if (days === 1) return t('day.yesterday');
  if (days < 7) return formatter({ weekday: 'short' }).format(date);
  return formatter({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(date);
}

/** Above the messages of a day: Today, Yesterday, Friday 20 November. */
export function dayName(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const days = dayNumber(now) - dayNumber(date);
  if (days === 0) return t('day.today');
  if (days === 1) return t('day.yesterday');
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return formatter({ weekday: 'long', day: 'numeric', month: 'long', ...year }).format(date);
}

/** 84 kB, 2.4 MB */
export function fileSize(bytes: number): string {
  const isLarge = bytes >= 1_000_000;
  const options = { style: 'unit', unit: isLarge ? 'megabyte' : 'kilobyte', unitDisplay: 'short' } as const;
  const digits = { maximumFractionDigits: isLarge ? 1 : 0 };
  const value = isLarge ? bytes / 1_000_000 : Math.max(1, bytes / 1000);
  return new Intl.NumberFormat(formatTag(), { ...options, ...digits }).format(value);
}

/** For a tooltip: everything. */
export function fullTime(iso: string): string {
  return formatter({ dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso));
}

/** 0:42 */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function badgeCount(count: number): string {
  return count > 99 ? '99+' : String(count);
}
