// The facts of pushes: their types by reason, and what a run of a job records of a device.
import { pushReasons, type PushReason } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { RecordedFacts } from '../../test/support/recorded-facts.ts';
import type { PushFact } from '../ports/message-facts.ts';
import { createPushFacts } from './facts.ts';
import type { SentOutcome } from '../plugins/running-provider.ts';
import { app, createWorld, now, startProcess, stream } from './test/push.fixture.ts';

const ended: Record<PushFact['type'], PushReason[]> = {
  'push.queued': ['queued', 'fallback_from'],
  'push.deferred': ['waiting_for_ack', 'quiet_hours_deferred', 'fallback_waiting'],
  'push.retrying': ['retrying'],
  'push.accepted': ['accepted_by_provider'],
  'push.delivered': ['delivered'],
  'push.failed': [
    'delivery_failed',
    'expired_ttl',
    'no_device',
    'no_provider_for_device',
    'target_gone',
    'payload_rejected',
    'credentials_rejected',
    'quota',
  ],
  'push.withheld': [
    'cancelled_acked',
    'cancelled_read',
    'muted',
    'mentions_only',
    'preference_off',
    'not_a_member',
    'fallback_not_needed',
    'policy_never',
    'collapsed_into',
  ],
  'push.opened': ['opened'],
};

test('each reason of the vocabulary has one type of fact', () => {
  const { make } = createPushFacts({ clock: createVirtualClock(), facts: new RecordedFacts() });
  const about = { messageId: 'm', stream, seq: 1, userId: 'bob' };
  const found = Object.keys(pushReasons).map((reason) => [reason, make(about, reason as PushReason).type]);
  const expected = Object.entries(ended).flatMap(([type, reasons]) => reasons.map((reason) => [reason, type]));
  expect(found.toSorted()).toEqual(expected.toSorted());
});

interface Case {
  given: string;
  answer: SentOutcome;
  then: object[];
}

const about = { stream, seq: 1, userId: 'bob' };
const ofDevice = { ...about, deviceId: 'device-1', provider: 'hook', deviceType: 'mobile' };
const queued = { type: 'push.queued', reason: 'queued', ...about, through: 1 };

test.each<Case>([
  {
    given: 'accepts',
    answer: { outcome: 'accepted', providerMessageId: 'p-1' },
    then: [
      queued,
      {
        ...{ type: 'push.accepted', reason: 'accepted_by_provider', ...ofDevice },
        attempt: { number: 1, outcome: 'accepted', providerMessageId: 'p-1' },
      },
      { type: 'push.ended', reason: 'accepted_by_provider', count: 1 },
    ],
  },
  {
    given: 'is busy',
    answer: { outcome: 'retry', reason: 'busy', afterMs: 3_600_000 },
    then: [
      queued,
      {
        ...{ type: 'push.retrying', reason: 'retrying', ...ofDevice },
        attempt: { number: 1, outcome: 'retry', detail: 'busy' },
      },
    ],
  },
  {
    given: 'does not know the target any more',
    answer: { outcome: 'rejected', reason: 'target_gone', detail: '410' },
    then: [
      queued,
      { type: 'device.gone', deviceId: 'device-1', userId: 'bob', provider: 'hook', because: 'target_gone' },
      { type: 'push.failed', reason: 'target_gone', ...ofDevice, attempt: { outcome: 'rejected' } },
      { type: 'push.ended', reason: 'target_gone', count: 1 },
    ],
  },
  {
    given: 'refuses the notification',
    answer: { outcome: 'rejected', reason: 'payload', detail: 'too large' },
    then: [
      queued,
      { type: 'push.failed', reason: 'payload_rejected', ...ofDevice, attempt: { detail: 'payload: too large' } },
      { type: 'push.ended', reason: 'payload_rejected', count: 1 },
    ],
  },
])('given a provider that $given, the facts are these and no others', async ({ answer, then }) => {
  const world = createWorld();
  await world.device();
  world.answer = () => answer;
  const { schedule } = await startProcess(world);
  const message = await world.append({ seq: 1 });
  schedule(app, message, now);
  await world.clock.advance(1000);
  expect(world.recorded.all).toMatchObject(then);
  const pushes = world.recorded.of('push.queued', 'push.accepted', 'push.retrying', 'push.failed');
  expect(pushes.every(({ messageId }) => messageId === message.id)).toBe(true);
});
