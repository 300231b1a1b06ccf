// Whom a broadcast may be pushed to, and who of them gets none from the start: with the ends that come later, each
// recipient is counted once.
import { deliveryPolicySchema } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';

const origin = { via: 'http-key' as const };

async function setUp() {
  const messaging = createTestMessaging();
  const { app, stores, clock } = messaging;
  const node = messaging.node('n1');
  const people = ['alice', 'away', 'here', 'muted', 'quiet', 'bare', 'off'];
  await node.conversations.put(app, 'c1', { participants: people.map((userId) => ({ userId })) });
  for (const userId of ['alice', 'away', 'here', 'muted', 'quiet']) await messaging.addDevice(userId);
  await messaging.addDevice('off', 'mobile', 'gone');
  await node.connect('here');
  const muteUntil = new Date(clock.now() + 3_600_000).toISOString();
  const hour = new Date(clock.now()).getUTCHours();
  const at = (hours: number): string => `${String((hour + hours) % 24).padStart(2, '0')}:00`;
  await stores.preferences.put(app, {
    ...{ userId: 'muted', version: 1 },
    preferences: { level: 'all', conversations: { c1: { muteUntil } } },
  });
  await stores.preferences.put(app, {
    ...{ userId: 'quiet', version: 1 },
    preferences: { level: 'all', quietHours: { from: at(0), to: at(2), timeZone: 'UTC' }, conversations: {} },
  });
  return { ...messaging, node };
}

test('the sender aside, each recipient is claimed for or has an end', async () => {
  const { app, node } = await setUp();
  await node.broadcasting.broadcast(app, textRequest('c1', 'alice'), origin);
  await expect.poll(() => node.facts.of('message.sent')).toHaveLength(1);
  const [sent] = node.facts.of('message.sent');
  expect(sent?.mayPush).toEqual({
    people: 6,
    ended: new Map([
      ['muted', 1],
      ['no_device', 1],
      ['no_provider_for_device', 1],
    ]),
    deferred: 1,
  });
  const claimed = node.pushes.flatMap(({ recipients }) => recipients.map(({ userId }) => userId));
  expect(claimed.toSorted()).toEqual(['away', 'here', 'quiet']);
});

test('a message that is never pushed may be pushed to nobody', async () => {
  const { app, node } = await setUp();
  await node.connect('away');
  const policy = deliveryPolicySchema.parse({ push: 'never' });
  const pulse = { action: 'pulse', audience: { conversation: 'c1' }, policy, data: {} };
  await node.broadcasting.broadcast(app, pulse, origin);
  const toAll = { kind: 'announcement', audience: { everyone: true }, data: { title: 'T' } } as const;
  await node.broadcasting.broadcast(app, toAll, origin);
  await expect.poll(() => node.facts.of('message.sent')).toHaveLength(2);
  expect(node.facts.of('message.sent').map(({ mayPush }) => mayPush)).toEqual([undefined, undefined]);
});
