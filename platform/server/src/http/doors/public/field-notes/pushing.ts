// What the fields about broadcasts, push targets, pushes and journeys mean, for the OpenAPI document. How a
// note is found for a field: http/openapi-fields.ts.

import { pushReasons, realtimeReasons } from '@belfry/protocol';
import type { FieldNote } from '../../../openapi-fields.ts';

/** Counts by reason: the description of each is that of the reason. */
const countNotes: Record<string, FieldNote> = Object.fromEntries(
  Object.entries({ ...realtimeReasons, ...pushReasons }).map(([reason, meaning]) => [
    `ReasonCounts.${reason}`,
    [meaning, 1] satisfies FieldNote,
  ]),
);

export const pushingNotes: Readonly<Record<string, FieldNote>> = {
  ...countNotes,

  // Broadcasts
  audience: ['Whom it is for.'],
  'Kind.audience': ['Whom broadcasts of the kind are for.', 'conversation'],
  'putKind.audience': ['Whom broadcasts of the kind are for.', 'conversation'],
  'Audience.users': ['These users.', ['ann', 'bob']],
  topic: ['Whoever subscribes to this topic.', 'bed-plan'],
  everyone: ['Everybody who is connected.', true],
  deviceTypes: ['Only connections from these sorts of devices.', ['mobile']],
  connectionTypes: ['Only connections whose page has one of these connection types.', ['chat']],
  sender: ['The user who sends it; absent where the back end speaks for itself.', 'ann'],
  idempotencyKey: ['The same key with the same request is answered as before and does nothing.', 'result-4711'],
  targetUserIds: ['Only these of the audience.', ['bob']],
  exclude: ['None of these, although they are in the audience.', ['ann']],
  broadcasts: ['The broadcasts, each as the body of `POST /broadcasts`.'],
  results: ['What became of each, in the order of the request.'],
  'results.status': ['The HTTP status that it would have had alone.', 422],
  'BroadcastResult.id': ['The id of the broadcast, to ask for its journey.', '01890a5d-ac96-774b-bcce-b302099a8057'],
  recipients: ['How many users it is for.', 2],
  'Journey.recipients': ['What happened, by recipient; empty above 1,000 of them.'],
  'Explanation.recipients': ['What would happen, by recipient.'],
  'BroadcastResult.connections': ['How many connections it was handed to.', 3],
  decisions: ['How many connections and devices each reason applies to.'],
  counts: ['How many connections and devices each reason applies to.'],

  // Delivery policies
  policy: ['How it is delivered; what is left out is the default.'],
  'DeliveryPolicy.realtime': ['Which connections get it at once: `all`, `none`, or a list of device types.', 'all'],
  'policy.realtime': ['Which connections get it at once: `all`, `none`, or a list of device types.', 'all'],
  'DeliveryPolicy.push': ['Whether it is pushed: never, to whom it did not reach, or always.', 'undelivered'],
  'policy.push': ['Whether it is pushed: never, to whom it did not reach, or always.', 'undelivered'],
  pushTo: ['The device types that are pushed to, the first that the user has; or `all`.', 'all'],
  waitMs: ['How long a push to a user who is online waits for an acknowledgement.', 5000],
  ttlSeconds: ['How long a push is worth having.', 86_400],
  priority: ['How urgent it is; `urgent` passes quiet hours.', 'normal'],
  collapseKey: ['Notifications of one key replace each other on the device.', 'ward-7'],
  respectPreferences: ["Whether the user's mutes, levels and quiet hours apply.", true],

  // Kinds
  'Kind.kind': ['The name of the kind.', 'lab_result'],
  kinds: ['The kinds that the app has added.'],
  'putKind.kind': ['The kind.'],
  durable: ['In which log it is kept: `conversation`, `inbox`, or `false` for none.', 'conversation'],
  feature: ["A connection's page must have this feature to get it.", 'messaging'],
  sentBy: ['Who may send it; left out: back ends and hooks.'],
  backEnds: ['Whether API keys may send it.', true],
  'SentBy.hooks': ['Whether inbound webhooks may send it.', true],
  'SentBy.users': ['Whether user tokens may: no, yes, or with one of these roles in the conversation.', false],

  // Push targets
  devices: ['The push targets, in the order in which they were registered.'],
  deviceId: ['The id of the push target.', '01890a5d-ac96-774b-bcce-b302099a8057'],
  deviceType: ['The sort of device.', 'mobile'],
  provider: ['The id of the provider that pushes to it.', 'hook'],
  'resumeProvider.provider': ['The provider as it is now.'],
  target: [
    'Where the push service finds the device, in the form of the provider.',
    { url: 'https://push.example.com/ann' },
  ],
  renewal: ['Gives the push target a new form later, without a token: a credential.', 'cmVuZXdhbA'],
  credential: ['`renewal` of the registration.', 'cmVuZXdhbA'],
  locale: ['The language of notifications.', 'zh-CN'],
  timeZone: ['The time zone of the user.', 'Asia/Shanghai'],
  providers: ['The providers.'],
  'providers.id': ['The id that devices name.', 'hook'],
  'provider.id': ['The id that devices name.', 'hook'],
  plugin: ['The plugin that it runs.', 'webhook'],
  channel: ['How it reaches people.', 'webhook'],
  state: ['Whether it is on; a paused one was refused by the push service.', 'on'],
  'providers.reason': ['Why it is not on.', 'credentials rejected'],
  'provider.reason': ['Why it is not on.', 'credentials rejected'],
  'providers.quota': ['How much may be pushed through it.'],
  'provider.quota': ['How much may be pushed through it.'],
  perMinute: ['At most so many a minute.', 600],
  perDay: ['At most so many a day of UTC.', 100_000],
  usedToday: ['Pushes since midnight UTC.', 17],
  public: ['What a client has to know to subscribe; empty where there is nothing.', { vapidPublicKey: 'BPk' }],

  // Pushes
  waiting: ['Jobs that are due.', 0],
  delayed: ['Jobs that are due later.', 3],
  active: ['Jobs that are being worked on.', 1],
  dead: ['Pushes that were given up.', 0],
  deadLetters: ['The pushes that were given up, the latest first.'],
  'DeadPush.id': ['Its id, to replay or forget it.', 'bGV0dGVy'],
  'DeadPush.detail': ['What the provider said.', 'HTTP 503'],
  'DeadPush.at': ['When it was given up.', '2026-01-31T12:00:00.000Z'],
  'DeadPush.recipients': ['How many users are in it.', 1],
  cause: ['Why it was given up.', 'attempts_exhausted'],
  replayed: ['How many are tried again.', 1],

  // Journeys
  'message.id': ['The id of the message or broadcast.', '01890a5d-ac96-774b-bcce-b302099a8057'],
  acceptedAt: ['When the request was accepted.', '2026-01-31T12:00:00.000Z'],
  storedAt: ['When it was on disk.', '2026-01-31T12:00:00.004Z'],
  resolvedAt: ['When its recipients were known.', '2026-01-31T12:00:00.005Z'],
  realtime: ['What happened at each connection.'],
  push: ['What happened to the push to each device.'],
  'push.provider': ['The provider of the device.', 'hook'],
  'push.afterMs': ['How long the push would wait.', 5000],
  reason: ['What happened, in one word; docs/reasons.md has them all.', 'no_connection'],
  'realtime.reason': ['What happened at the connection.', 'acked'],
  'push.reason': ['What became of the push.', 'accepted_by_provider'],
  'steps.reason': ['What happened then.', 'queued'],
  pushReason: ['Why there was nothing to push to.', 'no_device'],
  sentAt: ['When it was written to the connection.', '2026-01-31T12:00:00.006Z'],
  ackedAt: ['When the connection acknowledged it.', '2026-01-31T12:00:00.050Z'],
  steps: ['What happened to the push, in order.'],
  at: ['When it happened.', '2026-01-31T12:00:00.000Z'],
  attempts: ['The calls of the provider.'],
  'attempts.outcome': ['What came of the call.', 'accepted'],
  'attempts.reason': ['Why it was not accepted.', 'timeout'],
  'attempts.status': ['The HTTP status of the provider.', 200],
  durationMs: ['How long the call took.', 84],
  providerMessageId: ['The id that the provider gave it.', 'projects/demo/messages/1'],
  answer: ['What the provider said, cut, with secrets masked.', '{"ok":true}'],
};
