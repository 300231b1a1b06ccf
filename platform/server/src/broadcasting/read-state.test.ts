// Which connections hear how far a user has read: their own in any case, others by what they may see.
import { expect, test } from 'vitest';
import { byKey, validateEvents, startConversation } from '../../test/support/conversation.ts';
import { textRequest, type TestSession } from '../../test/support/messaging.ts';

const about = { conversationId: 'c1' };
const reads = ({ outlet }: TestSession): unknown[] => outlet.of('read_status').map(({ data }) => data);

test('a user’s own reading reaches all of their other connections, whatever features their pages have', async () => {
  const { one, two, clock, carry, app } = await startConversation();
  const sent = await carry(textRequest('c1', 'alice'));
  const reader = await one.connect('bob', { features: ['messaging'] });
  const others = [
    await one.connect('bob', { features: ['messaging'] }),
    await two.connect('bob', { features: ['notifications'], deviceType: 'mobile' }),
    await two.connect('bob', { features: [] }),
  ];
  const alice = await two.connect('alice', { features: ['messaging'] });
  const receipts = await two.connect('alice', { features: ['messaging', 'read_receipts'] });
  const origin = { via: 'socket' as const, session: reader };
  await one.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 1, origin });
  await clock.advance(0);
  for (const session of [...others, receipts]) {
    expect(session.outlet.of('read_status')).toMatchObject([about]);
    expect(reads(session)).toEqual([{ userId: 'bob', seq: 1, messageIds: [sent.id] }]);
    validateEvents(session);
  }
  expect([reads(reader), reads(alice)]).toEqual([[], []]);
});

test('of a reading everybody gets the ids of those messages that they may see, and of no others', async () => {
  const { one, two, clock, carry, app } = await startConversation();
  await one.conversations.put(app, 'c1', {
    participants: ['alice', 'bob', 'carol', 'dave', 'erin'].map((userId) => ({ userId })),
  });
  const send = async (text: string, change: object = {}): Promise<string> =>
    (await carry({ ...textRequest('c1', 'alice', text), ...change })).id;
  const all = await send('for all');
  const forBob = await send('for bob', { targetUserIds: ['bob'] });
  const notCarol = await send('a present for carol', { exclude: ['carol'] });
  const notBob = await send('a present for bob', { exclude: ['bob'] });
  const last = await send('good night');
  await clock.advance(0);
  const seen: Record<string, string[]> = {
    alice: [all, forBob, notCarol, last],
    bob: [all, forBob, notCarol, last],
    carol: [all, last],
    dave: [all, notCarol, last],
    erin: [all, notCarol, last],
  };
  const sessions = await Promise.all(Object.keys(seen).flatMap((userId) => [one.connect(userId), two.connect(userId)]));
  one.facts.taken();
  await one.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 5, origin: byKey });
  await clock.advance(0);
  for (const session of sessions) {
    expect(reads(session), `${session.userId} on ${session.node}`).toEqual([
      { userId: 'bob', seq: 5, messageIds: seen[session.userId] },
    ]);
  }
  // A message that was not for the reader is not read by them.
  const facts = one.facts.taken().filter(({ type }) => type === 'message.read');
  expect(facts).toMatchObject([{ userId: 'bob', messageIds: seen['bob'] }]);
  expect(JSON.stringify(sessions.map(reads))).not.toContain(notBob);
});

test('a message that is not for the user is not there to be read up to', async () => {
  const { one, carry, app } = await startConversation();
  const { id } = await carry({ ...textRequest('c1', 'alice'), exclude: ['bob'] });
  const read = (userId: string) =>
    one.chatActions.broadcastReadStatus(app, 'c1', { userId, messageIds: [id], origin: byKey });
  await expect(read('bob')).rejects.toMatchObject({ code: 'not_found' });
  expect(await read('carol')).toEqual({ seq: 1 });
});
