// Random cases, for which explain is held against broadcast: who is there, what they want, and what is
// broadcast. Runs nothing.

import {
  pushLevels,
  type BroadcastRequest,
  type DeliveryPolicy,
  type DeviceType,
  type Kind,
  type Preferences,
} from '@belfry/protocol';
import fc from 'fast-check';
import type { PushSettings } from '../../src/notifications/push-settings.ts';

export interface Connection {
  userId: string;
  node: 0 | 1;
  deviceType: DeviceType;
  visible: boolean;
  attended: boolean;
  page: { path: string; connectionType: string; features: readonly string[] };
  /** Its client takes nothing any more. Only of the node that broadcasts: no other can know. */
  isSlow: boolean;
  /** Subscribed to the topic; likewise. */
  hearsNews: boolean;
  /** Whether it acknowledges what it gets. */
  acks: boolean;
}

export interface Case {
  members: readonly string[];
  connections: readonly Connection[];
  devices: readonly { userId: string; deviceType: DeviceType; provider: string }[];
  preferences: readonly { userId: string; preferences: Preferences }[];
  settings: PushSettings;
  /** The app's own kind. */
  kind: Kind;
  /** Something was stored in each log before. */
  hasHistory: boolean;
  request: BroadcastRequest;
  /** By a connection of the sender, where they have one, instead of over HTTP. */
  bySocket: boolean;
}

export const people = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;
/**
 * 12:30 in UTC, 20:30 in Shanghai, 07:30 in New York: quiet hours of the cases end within two minutes, or are
 * not now.
 */
export const startMs = Date.UTC(2026, 0, 1, 12, 30);

const person = fc.constantFrom(...people);
const deviceType = fc.constantFrom<DeviceType>('mobile', 'desktop', 'tablet');
const deviceTypes = fc.uniqueArray(deviceType, { minLength: 1, maxLength: 3 });
const features = ['messaging', 'typing_indicator', 'read_receipts', 'notifications', 'system_notifications', 'labs'];
const optional = { requiredKeys: [] as never[] };

const connection = fc
  .record({
    userId: person,
    node: fc.constantFrom(0 as const, 1 as const),
    deviceType,
    visible: fc.boolean(),
    attended: fc.boolean(),
    page: fc.record({
      path: fc.constantFrom('/chat', '/admin', '/'),
      connectionType: fc.constantFrom('chat', 'admin'),
      features: fc.oneof(
        { weight: 2, arbitrary: fc.constant(features) },
        { weight: 1, arbitrary: fc.subarray(features) },
      ),
    }),
    isSlow: oneIn(6),
    hearsNews: fc.boolean(),
    acks: fc.boolean(),
  })
  .map((each): Connection => (each.node === 0 ? each : { ...each, isSlow: false, hearsNews: false }));

const level = fc.constantFrom(...pushLevels);
const quietHours = fc.constantFrom(
  { from: '11:00', to: '12:32', timeZone: 'UTC' },
  { from: '19:00', to: '20:31', timeZone: 'Asia/Shanghai' },
  { from: '22:00', to: '07:32', timeZone: 'America/New_York' },
  { from: '13:00', to: '12:00', timeZone: 'Asia/Shanghai' },
  { from: '22:00', to: '07:00', timeZone: 'UTC' },
);
const preferences = fc
  .record(
    {
      level,
      quietHours,
      ofConversation: fc.record(
        { level, muteUntil: fc.constantFrom('2026-01-01T12:00:00.000Z', '2026-01-02T00:00:00.000Z') },
        optional,
      ),
    },
    { requiredKeys: ['level'] },
  )
  .map(({ ofConversation, ...rest }): Preferences => ({
    ...rest,
    conversations: ofConversation === undefined ? {} : { c1: ofConversation },
  }));

const policy: fc.Arbitrary<DeliveryPolicy> = fc
  .record({
    realtime: fc.oneof(fc.constantFrom('all' as const, 'none' as const), deviceTypes),
    push: fc.constantFrom('never' as const, 'undelivered' as const, 'undelivered' as const, 'always' as const),
    pushTo: fc.oneof(fc.constant('all' as const), deviceTypes),
    // Well above the time in which acknowledgements are gathered; undefined: the app's.
    waitMs: fc.constantFrom(undefined, 0, 1000),
    ttlSeconds: fc.constant(3600),
    priority: fc.constantFrom('low' as const, 'normal' as const, 'high' as const, 'urgent' as const),
    respectPreferences: fc.boolean(),
  })
  .map(({ waitMs, ...rest }) => (waitMs === undefined ? rest : { ...rest, waitMs }));

const kind: fc.Arbitrary<Kind> = fc
  .record({
    audience: fc.constantFrom('users' as const, 'conversation' as const),
    durable: fc.constantFrom('inbox' as const, 'conversation' as const, false as const),
    feature: fc.constantFrom(undefined, 'labs'),
    policy,
  })
  .map(({ feature, ...rest }) => ({
    kind: 'lab',
    action: 'lab',
    ...rest,
    ...(feature === undefined ? {} : { feature }),
  }));

const filters = { deviceTypes, connectionTypes: fc.uniqueArray(fc.constantFrom('chat', 'admin'), { minLength: 1 }) };
const someFilters = oftenEmpty(fc.record(filters, optional));
const audienceOf = {
  conversation: someFilters.map((rest) => ({ conversation: 'c1', ...rest })),
  users: fc
    .tuple(fc.array(person, { minLength: 1, maxLength: 6 }), someFilters)
    .map(([users, rest]) => ({ users, ...rest })),
  topic: someFilters.map((rest) => ({ topic: 'news', ...rest })),
  everyone: someFilters.map((rest) => ({ everyone: true as const, ...rest })),
};
const addressed = oftenEmpty(
  fc.record(
    {
      targetUserIds: fc.uniqueArray(person, { minLength: 1 }),
      exclude: fc.uniqueArray(person),
      sender: person,
    },
    optional,
  ),
);
const left = fc.record({ exclude: fc.uniqueArray(person) }, optional);
const mentions = fc.record({ mentions: fc.uniqueArray(person) }, optional);
const inLog = fc.oneof(audienceOf.conversation, audienceOf.users);

const request: fc.Arbitrary<BroadcastRequest> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('message', 'consultation_reply'),
      audience: audienceOf.conversation,
      more: addressed,
      sender: person,
      mentions,
    })
    .map(({ mentions: of, more, ...rest }) => ({
      ...{ ...more, ...rest },
      data: { type: 'text', content: { text: 'hello' }, ...of },
    })),
  fc
    .record({
      kind: fc.constantFrom('system_notification', 'mobile_notification', 'lab', 'lab'),
      audience: inLog,
      more: addressed,
    })
    .map(({ more, ...rest }) => ({ ...more, ...rest, data: { title: 'T' } })),
  fc
    .record({ audience: audienceOf.users, more: addressed })
    .map(({ audience, more }) => ({ kind: 'direct', audience, ...more, data: { title: 'T' } })),
  fc
    .record({ audience: fc.oneof(audienceOf.topic, audienceOf.everyone), more: left })
    .map(({ audience, more }) => ({ kind: 'announcement', audience, ...more, data: { title: 'T' } })),
  fc
    .record({ policy, audience: inLog, more: addressed })
    .map(({ more, ...rest }) => ({ action: 'tick', ...more, ...rest, data: {} })),
  fc
    .record({ sender: person, audience: audienceOf.conversation })
    .map((rest) => ({ kind: 'typing', ...rest, data: { isTyping: true } })),
);

export const caseArbitrary: fc.Arbitrary<Case> = fc.record({
  members: fc.uniqueArray(person, { minLength: 1 }),
  connections: fc.array(connection, { maxLength: 8 }),
  devices: fc.array(
    fc.record({
      userId: person,
      deviceType,
      provider: fc.constantFrom('hook', 'hook', 'hook', 'paused', 'spent', 'off', 'gone'),
    }),
    { maxLength: 8 },
  ),
  preferences: fc.uniqueArray(fc.record({ userId: person, preferences }), {
    maxLength: 3,
    selector: ({ userId }) => userId,
  }),
  settings: fc.record({
    waitMs: fc.constant(5000),
    deliveredMeans: fc.constantFrom('attended' as const, 'visible' as const, 'any' as const),
  }),
  kind,
  hasHistory: fc.boolean(),
  request,
  bySocket: fc.boolean(),
});

function oneIn(times: number): fc.Arbitrary<boolean> {
  return fc.nat(times - 1).map((drawn) => drawn === times - 1);
}

/** Two times of three nothing of it: with every filter set hardly anybody is left to decide about. */
function oftenEmpty<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | Record<string, never>> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary });
}
