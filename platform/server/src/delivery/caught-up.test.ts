// The facts of a catch-up: one for each run of seqs that a connection was sent from the log, and none for
// what it was sent live.
import { expect, test } from 'vitest';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';

const stream = 'c:c1';
const byKey = { via: 'http-key' as const };
const behindBytes = 300;

async function setUp() {
  const messaging = createTestMessaging({ behindBytes });
  const { app, settled } = messaging;
  const node = messaging.node('n1');
  await node.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  const say = async (times: number, exclude: string[] = []) => {
    for (let time = 0; time < times; time += 1)
      await node.broadcasting.carry(app, { ...textRequest('c1', 'alice'), exclude }, byKey);
  };
  const outlet = new FakeOutlet(behindBytes);
  const session = await node.connect('bob', { outlet });
  const catchUp = async (seq: number) => {
    const { start } = await node.catchUps.prepare(session, [{ stream, epoch: 'e1', seq }], 'resume');
    start();
    await settled();
  };
  const runs = () => node.facts.of('message.caught_up').map(({ from, to }) => [from, to]);
  return { ...messaging, node, say, outlet, session, catchUp, runs };
}

test('names the connection, its page and the time', async () => {
  const { say, catchUp, node, session, clock } = await setUp();
  await say(2);
  await clock.advance(1000);
  await catchUp(0);
  expect(node.facts.of('message.caught_up')).toEqual([
    {
      ...{ type: 'message.caught_up', atMs: clock.now(), stream, from: 1, to: 2 },
      ...{ userId: 'bob', connectionId: session.id, deviceType: 'desktop', page: '/chat' },
    },
  ]);
});

interface Case {
  given: string;
  happens: (set: Awaited<ReturnType<typeof setUp>>) => Promise<void>;
  then: [from: number, to: number][];
}

test.each<Case>([
  { given: 'a session that was live all the time', happens: ({ say }) => say(3), then: [] },
  {
    given: 'a session that had everything',
    async happens({ say, catchUp }) {
      await say(2);
      await catchUp(2);
    },
    then: [],
  },
  {
    given: 'messages in between that were not for it',
    async happens({ say, catchUp }) {
      await say(2);
      await say(2, ['bob']);
      await say(1);
      await catchUp(0);
    },
    then: [
      [1, 2],
      [5, 5],
    ],
  },
  {
    given: 'more than one page of the log',
    async happens({ say, catchUp }) {
      await say(250);
      await catchUp(20);
    },
    then: [
      [21, 220],
      [221, 250],
    ],
  },
  {
    given: 'a session that was too slow, and reads bit by bit',
    async happens({ say, outlet, settled }) {
      outlet.stall();
      await say(6);
      outlet.takeAll();
      await settled();
      outlet.drain();
      await settled();
    },
    then: [
      [3, 4],
      [5, 6],
    ],
  },
])('given $given', async ({ happens, then }) => {
  const set = await setUp();
  await happens(set);
  expect(set.runs()).toEqual(then);
});
