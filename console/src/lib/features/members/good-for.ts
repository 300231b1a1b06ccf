// For how long a link is good, in words that follow the clock.
import { language } from '#lib/texts/language.svelte.ts';
import { duration } from '#lib/texts/times.ts';
import { clock } from '#lib/ui/clock.svelte.ts';
import { m } from '#texts';

export function goodFor(expiresAt: string): string {
  const leftMs = new Date(expiresAt).getTime() - clock.now;
  return leftMs <= 0 ? m.expired() : m.good_for({ time: duration(leftMs, language.tag) });
}
