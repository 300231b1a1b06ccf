// What a user wants of pushes, as their screen changes it.
import type { components } from '#lib/api/schema.d.ts';
import { m } from '#texts';

export type PreferencesOfUser = components['schemas']['Preferences'];
export type Level = PreferencesOfUser['level'];

export const levels: readonly { level: Level; text: () => string }[] = [
  { level: 'all', text: () => m.see_level_all() },
  { level: 'mentions', text: () => m.see_level_mentions() },
  { level: 'none', text: () => m.see_level_none() },
];

const hourMs = 3_600_000;

/** How long a conversation is muted for. */
export const mutes: readonly { hours: number; text: () => string }[] = [
  { hours: 1, text: () => m.see_mute_hour() },
  { hours: 8, text: () => m.see_mute_hours({ count: 8 }) },
  { hours: 24, text: () => m.see_mute_day() },
  { hours: 7 * 24, text: () => m.see_mute_week() },
];

export function muteUntil(hours: number, nowMs: number): string {
  return new Date(nowMs + hours * hourMs).toISOString();
}
