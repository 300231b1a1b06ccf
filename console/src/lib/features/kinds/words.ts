// Fields of kinds in words. What a whole kind does: kind-sentence.ts.
import { m } from '#texts';

const audiences = new Map<string, { title: () => string; text: () => string }>([
  ['users', { title: () => m.kind_audience_users(), text: () => m.kind_audience_users_text() }],
  ['inbox', { title: () => m.kind_audience_inbox(), text: () => m.kind_audience_inbox_text() }],
  ['conversation', { title: () => m.kind_audience_conversation(), text: () => m.kind_audience_conversation_text() }],
  ['topic', { title: () => m.kind_audience_topic(), text: () => m.kind_audience_topic_text() }],
  ['everyone', { title: () => m.kind_audience_everyone(), text: () => m.kind_audience_everyone_text() }],
]);

export function audienceTitles(forms: readonly string[]): string {
  return forms.map((form) => audiences.get(form)?.title() ?? form).join(m.list_comma());
}

export function audienceOptions<A extends string>(forms: readonly A[]): { value: A; title: string; text: string }[] {
  return forms.map((value) => {
    const words = audiences.get(value);
    return { value, title: words?.title() ?? value, text: words?.text() ?? '' };
  });
}

export function keptTitle(durable: 'conversation' | 'inbox' | 'audience' | false): string {
  if (durable === false) return m.kind_kept_none();
  if (durable === 'audience') return m.kind_kept_audience();
  return durable === 'conversation' ? m.kind_kept_conversation() : m.kind_kept_inbox();
}

/** Fields of the form, for what was changed. */
export function fieldNames(): Map<string, string> {
  return new Map([
    ['kind', m.kind_name()],
    ['action', m.kind_action()],
    ['audience', m.kind_audience()],
    ['durable', m.kind_kept()],
    ['feature', m.kind_feature()],
    ['realtime', m.kind_realtime()],
    ['realtimeTypes', m.kind_realtime()],
    ['push', m.kind_push_field()],
    ['pushTo', m.kind_push_to()],
    ['pushToTypes', m.kind_push_to()],
    ['waitMs', m.kind_wait()],
    ['ttlSeconds', m.kind_ttl()],
    ['priority', m.kind_priority()],
    ['collapseKey', m.kind_collapse()],
    ['respectPreferences', m.kind_respect()],
    ['backEnds', m.kind_senders_back_ends()],
    ['hooks', m.kind_senders_hooks()],
    ['users', m.kind_senders_users()],
    ['userRoles', m.kind_senders_users()],
  ]);
}
