// The heading between messages of different days.
import type { Texts } from '../texts.ts';

const dayMs = 24 * 60 * 60_000;

/** `today`, `yesterday` or the date, in words. */
export function dayOf(at: Date, { texts, locale }: { texts: Texts; locale: string }): string {
  const now = new Date();
  if (isSameDay(at, now)) return texts.thread.today;
  if (isSameDay(at, new Date(now.getTime() - dayMs))) return texts.thread.yesterday;
  const isThisYear = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString(locale, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
