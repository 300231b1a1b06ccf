// What a kind does to whom, in sentences: made from its fields while one types. The server decides by the same
// fields.
import type { BuiltInKind } from '#lib/api/shapes.ts';
import { deviceWord } from '#lib/texts/devices.ts';
import { wholeTime } from '#lib/texts/times.ts';
import { m } from '#texts';
import { fieldsOf, isKeepable, type KindFields } from './kind-fields.ts';

type Told = Pick<
  KindFields,
  | ('audience' | 'durable' | 'realtime' | 'realtimeTypes' | 'push' | 'pushTo' | 'pushToTypes' | 'waitMs')
  | ('ttlSeconds' | 'priority' | 'respectPreferences' | 'feature')
>;

/** `tag`: of the language, for times and lists. */
export function kindSentences(fields: Told, tag: string): string[] {
  const whom = audiences[fields.audience]();
  if (fields.realtime === 'none' && !isPushed(fields)) return [m.kind_says_nothing()];
  return [realtimeSentence(fields, whom, tag), ...keptSentences(fields), ...pushSentences(fields, tag)];
}

/** For a column: `when not delivered, high, 1 day`. */
export function pushInWords(fields: Told, tag: string): string {
  if (!isPushed(fields)) return m.kind_push_never_short();
  const { push, priority, ttlSeconds, respectPreferences } = fields;
  return [
    push === 'always' ? m.kind_push_always_short() : m.kind_push_undelivered_short(),
    ...(priority === 'normal' ? [] : [priorityWord(priority)]),
    ...(ttlSeconds === 86_400 ? [] : [wholeTime(ttlSeconds * 1000, tag)]),
    ...(respectPreferences ? [] : [m.kind_at_night_short()]),
  ].join(m.list_comma());
}

export function priorityWord(priority: KindFields['priority']): string {
  const words = {
    low: () => m.kind_priority_low(),
    normal: () => m.kind_priority_normal(),
    high: () => m.kind_priority_high(),
    urgent: () => m.kind_priority_urgent(),
  };
  return words[priority]();
}

/** A built-in kind as the fields of one of the app's own, as far as there are such. */
export function fieldsOfBuiltIn({ kind, action, audience, durable, policy, sentBy }: BuiltInKind): KindFields {
  const [first = 'users'] = audience;
  return fieldsOf(kind, {
    ...{ action, audience: first, policy, sentBy },
    durable: durable === 'audience' ? (first === 'conversation' ? 'conversation' : 'inbox') : durable,
  });
}

const audiences: { [A in KindFields['audience']]: () => string } = {
  conversation: () => m.kind_whom_conversation(),
  inbox: () => m.kind_whom_inbox(),
  users: () => m.kind_whom_users(),
  topic: () => m.kind_whom_topic(),
  everyone: () => m.kind_whom_everyone(),
};

function isPushed({ audience, durable, push }: Told): boolean {
  return push !== 'never' && durable !== 'none' && isKeepable(audience);
}

function realtimeSentence({ realtime, realtimeTypes, feature }: Told, whom: string, tag: string): string {
  if (realtime === 'none') return m.kind_says_realtime_none({ whom });
  if (realtime === 'some') return m.kind_says_realtime_some({ whom, devices: listed(realtimeTypes, tag) });
  return feature.trim() === '' ? m.kind_says_realtime_all({ whom }) : m.kind_says_feature({ whom, feature });
}

function keptSentences({ audience, durable }: Told): string[] {
  if (durable === 'none' || !isKeepable(audience)) return [m.kind_says_not_kept()];
  return [durable === 'conversation' ? m.kind_says_kept_conversation() : m.kind_says_kept_inbox()];
}

function pushSentences(fields: Told, tag: string): string[] {
  if (!isPushed(fields)) return [m.kind_says_push_never()];
  const { push, pushTo, pushToTypes, waitMs, ttlSeconds, priority, respectPreferences } = fields;
  const where = pushTo === 'all' ? m.kind_where_all() : m.kind_where_first({ devices: ordered(pushToTypes) });
  const when =
    push === 'always'
      ? m.kind_says_push_always({ where })
      : waitMs === null
        ? m.kind_says_push_app_wait({ where })
        : waitMs === 0
          ? m.kind_says_push_no_wait({ where })
          : m.kind_says_push_wait({ where, time: wholeTime(waitMs, tag) });
  const night = !respectPreferences
    ? m.kind_says_night_yes()
    : priority === 'urgent'
      ? m.kind_says_night_urgent()
      : m.kind_says_night_no();
  return [when, night, m.kind_says_ttl({ time: wholeTime(ttlSeconds * 1000, tag) })];
}

function listed(types: readonly string[], tag: string): string {
  return new Intl.ListFormat(tag, { type: 'conjunction' }).format(types.map(deviceWord));
}

function ordered(types: readonly string[]): string {
  return types.map(deviceWord).join(m.kind_else());
}
