// Features, fields of a policy and what a change would do, in words.
import type { Page, PageImpact } from '#lib/api/shapes.ts';
import { language } from '#lib/texts/language.svelte.ts';
import { m } from '#texts';
import { featureOf } from './policy-fields.ts';
import type { Lost } from './why-lost.ts';

interface Words {
  title: () => string;
  help: () => string;
}

const features = new Map<string, Words>([
  ['messaging', { title: () => m.feature_messaging(), help: () => m.feature_messaging_help() }],
  ['typing_indicator', { title: () => m.feature_typing(), help: () => m.feature_typing_help() }],
  ['read_receipts', { title: () => m.feature_read(), help: () => m.feature_read_help() }],
  ['file_upload', { title: () => m.feature_files(), help: () => m.feature_files_help() }],
  ['voice_note', { title: () => m.feature_voice(), help: () => m.feature_voice_help() }],
  ['screen_share', { title: () => m.feature_screen(), help: () => m.feature_screen_help() }],
  ['presence', { title: () => m.feature_presence(), help: () => m.feature_presence_help() }],
  ['system_notifications', { title: () => m.feature_system(), help: () => m.feature_system_help() }],
  ['user_monitoring', { title: () => m.feature_monitoring(), help: () => m.feature_monitoring_help() }],
  ['real_time_stats', { title: () => m.feature_stats(), help: () => m.feature_stats_help() }],
  ['notifications', { title: () => m.feature_notifications(), help: () => m.feature_notifications_help() }],
  ['testing', { title: () => m.feature_testing(), help: () => m.feature_testing_help() }],
  ['debug', { title: () => m.feature_debug(), help: () => m.feature_debug_help() }],
]);

/** One that the app or a plugin declares is called by its code. */
export function featureTitle(name: string): string {
  return features.get(name)?.title() ?? name;
}

export function featureHelp(name: string): string {
  return features.get(name)?.help() ?? '';
}

const fields = new Map<string, () => string>([
  ['enabled', () => m.field_enabled()],
  ['requireAuth', () => m.field_auth()],
  ['autoConnect', () => m.field_auto()],
  ['connectionType', () => m.field_type()],
  ['requireRoles', () => m.field_roles()],
  ['topics', () => m.field_topics()],
  ['presenceTopics', () => m.field_presence_topics()],
  ['presence', () => m.field_presence()],
  ['page', () => m.field_page()],
]);

export function fieldTitle(field: string): string {
  const feature = featureOf(field);
  return feature === undefined ? (fields.get(field)?.() ?? field) : featureTitle(feature);
}

export function count(value: number): string {
  return new Intl.NumberFormat(language.tag).format(value);
}

/** What one change, or the whole draft, would do to the tabs that are open. */
export function impactWords({ connections, closed, features: moved }: PageImpact): string[] {
  if (connections === 0) return [m.impact_none()];
  const words: string[] = [];
  if (closed.connections > 0) {
    words.push(
      m.impact_closes({ count: closed.connections, shown: count(closed.connections), users: count(closed.users) }),
    );
  }
  for (const { feature, taken, given } of moved) {
    const title = featureTitle(feature);
    if (taken > 0) words.push(m.impact_takes({ count: taken, shown: count(taken), feature: title }));
    if (given > 0) words.push(m.impact_gives({ count: given, shown: count(given), feature: title }));
  }
  return words.length > 0 ? words : [m.impact_policy({ count: connections, shown: count(connections) })];
}

const lost: Record<Lost, (winner: string) => string> = {
  no_match: () => m.lost_no_match(),
  not_exact: (winner) => m.lost_not_exact({ winner }),
  fewer_fixed: () => m.lost_fewer_fixed(),
  prefix: () => m.lost_prefix(),
  shorter: () => m.lost_shorter(),
  later_fixed: () => m.lost_later_fixed(),
  by_name: (winner) => m.lost_by_name({ winner }),
  default: () => m.lost_default(),
};

export function lostWords(why: Lost, winner: string): string {
  return lost[why](winner);
}

/** In the order of the matrix. */
export const switches = ['enabled', 'requireAuth', 'autoConnect'] as const;
export type Switch = (typeof switches)[number];

export function isOn(page: Page, field: string): boolean {
  const feature = featureOf(field);
  if (feature !== undefined) return page.features.includes(feature);
  return switches.some((each) => each === field) && page[field as Switch];
}
