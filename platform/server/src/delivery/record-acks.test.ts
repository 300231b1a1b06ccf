// The fact of acknowledgements that were stored together.
import { expect, test } from 'vitest';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';
import { Acks } from '../sessions/acks.ts';
import { recordAcks } from './record-acks.ts';

const stream = 'c:c1';

async function setUp() {
  const messaging = createTestMessaging();
  const { app, clock, stores, settled } = messaging;
  const node = messaging.node('n1');
  await node.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  for (let time = 0; time < 5; time += 1)
    await node.broadcasting.carry(app, textRequest('c1', 'alice'), { via: 'http-key' });
  const acks = new Acks({ cursors: stores.cursors, surroundings: { clock, log: node.logger } });
  recordAcks({ acks, registry: node.registry, clock, facts: node.facts });
  return { node, acks, settled };
}

test('acknowledgements of one flush are one fact, each from where its connection stood', async () => {
  const { node, acks } = await setUp();
  const [mine, other] = [await node.connect('bob'), await node.connect('bob')];
  acks.record(mine, stream, 3);
  acks.record(mine, stream, 4);
  acks.record(other, stream, 5);
  await acks.flush();
  expect(node.facts.of('message.acked')).toMatchObject([
    {
      acked: [
        { stream, userId: 'bob', connectionId: mine.id, from: 1, to: 4, visible: true },
        { stream, userId: 'bob', connectionId: other.id, from: 1, to: 5, visible: true },
      ],
    },
  ]);
  expect(node.facts.of('message.acked')[0]?.acked[0]).not.toHaveProperty('deviceType');
  await acks.flush();
  expect(node.facts.of('message.acked')).toHaveLength(1);
});

test('a connection that resumed acknowledges nothing of what came before, and says what it is', async () => {
  const { node, acks, settled } = await setUp();
  const session = await node.connect('bob', { deviceType: 'mobile' });
  const { start } = await node.catchUps.prepare(session, [{ stream, epoch: 'e1', seq: 3 }], 'resume');
  start();
  await settled();
  acks.record(session, stream, 5);
  await acks.flush();
  expect(node.facts.of('message.acked')).toMatchObject([
    { acked: [{ connectionId: session.id, from: 4, to: 5, deviceType: 'mobile', page: '/chat' }] },
  ]);
});
