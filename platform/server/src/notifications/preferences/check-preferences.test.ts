// The wish of a user for a message, by their preferences, row by row.
import type { Preferences } from '@belfry/protocol';
import { describe, expect, it, test } from 'vitest';
import { sampleMessage } from '../../../test/support/samples.ts';
import { checkPreferences } from './check-preferences.ts';
import type { Wish, WishSource } from './check-preferences.ts';

const storedAt = Date.UTC(2026, 0, 1, 12);
const untilMs = Date.UTC(2026, 0, 2, 7);
const later: Wish = { push: 'later', untilMs };
const general = { by: 'level', ofConversation: false } as const;
const no = (reason: 'preference_off' | 'mentions_only', decidedBy: WishSource = general): Wish => ({
  ...{ push: 'no', reason, decidedBy },
});
const mutedTo = (muteUntilMs: number): Wish => ({
  ...{ push: 'no', reason: 'muted', decidedBy: { by: 'mute', ofConversation: true, untilMs: muteUntilMs } },
});
const { policy } = sampleMessage({ seq: 1 });
const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
const muted = (until: number) => ({ conversations: { c1: { muteUntil: new Date(until).toISOString() } } });
const mention = { data: { type: 'text', mentions: ['bob'] } };
const others = { data: { type: 'text', mentions: ['alice'] } };
const urgent = { policy: { ...policy, priority: 'urgent' as const } };
const regardless = { policy: { ...policy, respectPreferences: false } };
const nowhere = { conversationId: undefined };

describe.each<[string, Partial<Preferences> | undefined, Record<string, unknown>, Wish]>([
  ['of a user who never said anything', undefined, {}, { push: 'yes' }],
  ['of a user who wants all', {}, {}, { push: 'yes' }],
  ['level none', { level: 'none' }, {}, no('preference_off')],
  ['level none, in vain', { level: 'none' }, mention, no('preference_off')],
  ['level mentions, not mentioned', { level: 'mentions' }, {}, no('mentions_only')],
  ['level mentions, others mentioned', { level: 'mentions' }, others, no('mentions_only')],
  ['level mentions, mentioned', { level: 'mentions' }, mention, { push: 'yes' }],
  ['level mentions, outside of any conversation', { level: 'mentions' }, nowhere, { push: 'yes' }],
  ['level none, outside of any conversation', { level: 'none' }, nowhere, no('preference_off')],
  ['the conversation wants all', { level: 'none', conversations: { c1: { level: 'all' } } }, {}, { push: 'yes' }],
  [
    'the conversation wants none',
    { conversations: { c1: { level: 'none' } } },
    {},
    no('preference_off', { by: 'level', ofConversation: true }),
  ],
  ['another conversation wants none', { conversations: { c2: { level: 'none' } } }, {}, { push: 'yes' }],
  ['a conversation of an odd name', { conversations: {} }, { conversationId: 'toString' }, { push: 'yes' }],
  ['muted', muted(storedAt + 1), {}, mutedTo(storedAt + 1)],
  ['muted, although mentioned', muted(storedAt + 1), mention, mutedTo(storedAt + 1)],
  ['muted, although urgent', muted(storedAt + 1), urgent, mutedTo(storedAt + 1)],
  ['muted until just before it came', muted(storedAt), {}, { push: 'yes' }],
  ['muted, and the policy does not ask', muted(storedAt + 1), regardless, { push: 'yes' }],
  ['level none, and the policy does not ask', { level: 'none' }, regardless, { push: 'yes' }],
  ['level none, although urgent', { level: 'none' }, urgent, no('preference_off')],
  ['in quiet hours', { quietHours }, {}, later],
  ['in quiet hours, urgent', { quietHours }, urgent, { push: 'yes' }],
  ['in quiet hours, and the policy does not ask', { quietHours }, regardless, { push: 'yes' }],
  ['in quiet hours, and muted', { quietHours, ...muted(storedAt + 1) }, {}, mutedTo(storedAt + 1)],
])('%s', (_name, given, message, wish) => {
  it(`comes to ${JSON.stringify(wish)}`, () => {
    const preferences = given === undefined ? undefined : { level: 'all' as const, conversations: {}, ...given };
    const { conversationId, ...rest } = sampleMessage({ seq: 1, storedAt, conversationId: 'c1' });
    const asked = { ...rest, ...(conversationId === undefined ? {} : { conversationId }), ...message };
    if ('conversationId' in message && message['conversationId'] === undefined) delete asked.conversationId;
    const question = { preferences, userId: 'bob', message: asked, nowMs: storedAt, quietUntil: () => untilMs };
    expect(checkPreferences(question)).toEqual(wish);
  });
});

test('outside of quiet hours they hold nothing up', () => {
  const preferences: Preferences = { level: 'all', quietHours, conversations: {} };
  const message = sampleMessage({ seq: 1 });
  const question = { preferences, userId: 'bob', message, nowMs: storedAt, quietUntil: () => undefined };
  expect(checkPreferences(question)).toEqual({ push: 'yes' });
});

test('a message that came during a mute stays muted when the mute is over', () => {
  const preferences: Preferences = { level: 'all', ...muted(storedAt + 1000) };
  const check = (at: number) =>
    checkPreferences({
      preferences,
      userId: 'bob',
      message: sampleMessage({ seq: 1, conversationId: 'c1', storedAt: at }),
      nowMs: storedAt + 5000,
      quietUntil: () => undefined,
    });
  expect(check(storedAt)).toEqual(mutedTo(storedAt + 1000));
  expect(check(storedAt + 1000)).toEqual({ push: 'yes' });
});
