// Which nodes hear of an event, and that nobody is left out by it.

import { describe, expect, test } from 'vitest';
import { startConversation } from '../../test/support/conversation.ts';
import { textRequest, type TestNode } from '../../test/support/messaging.ts';

const heardBy = (node: TestNode): number => node.metrics.value('bus_messages_total', ['in']);
/** Conversation `c1` on nodes n1 to n3; what is sent is sent on n1. */
async function setUp() {
  let heldNews: (() => void)[] | undefined;
  const tellNews = (tell: () => void): void => {
    if (heldNews === undefined) tell();
    else heldNews.push(tell);
  };
  const conversation = await startConversation({ tellNews });
  const { carry, clock, one, two } = conversation;
  const three = conversation.node('n3');
  await clock.advance(0);
  const send = async (request: Parameters<typeof carry>[0] = textRequest('c1', 'alice')): Promise<void> => {
    // Where its people are is known when its plan is made.
    await (
      await carry(request)
    ).planned;
    await one.broadcasting.settled();
    await clock.advance(0);
  };
  const heardAtFirst = new Map([two, three].map((node) => [node, heardBy(node)]));
  const heard = (node: TestNode): number => heardBy(node) - (heardAtFirst.get(node) ?? 0);
  const holdNews = (): (() => void) => {
    heldNews = [];
    return () => {
      const held = heldNews ?? [];
      heldNews = undefined;
      for (const tell of held) tell();
    };
  };
  return { ...conversation, three, send, heard, holdNews };
}

describe('of a message hear', () => {
  test('those nodes alone that have some of its people', async () => {
    const { two, three, send, heard } = await setUp();
    const bob = await two.connect('bob');
    await three.connect('stranger');
    for (let count = 0; count < 3; count += 1) await send();
    expect([two, three].map(heard)).toEqual([3, 0]);
    expect(bob.outlet.told('c:c1')).toEqual([1, 2, 3]);
  });

  test('all nodes while presence cannot say where its people are', async () => {
    const { two, three, presenceHub, send, heard } = await setUp();
    const bob = await two.connect('bob');
    presenceHub.down();
    await send();
    presenceHub.up();
    expect([two, three].map(heard)).toEqual([1, 1]);
    expect(bob.outlet.told('c:c1')).toEqual([1]);
  });

  test('no nodes where its people are nowhere else', async () => {
    const { one, two, busHub, send } = await setUp();
    await one.connect('bob');
    await two.connect('stranger');
    await send();
    const before = busHub.published.length;
    await send();
    expect(busHub.published).toHaveLength(before);
  });

  test.each<[string, { userIds?: number; request: Parameters<Awaited<ReturnType<typeof setUp>>['carry']>[0] }]>([
    ['is for many', { userIds: 40, request: textRequest('many', 'alice') }],
    ['is for everyone', { request: { kind: 'announcement', audience: { everyone: true }, data: { title: 'T' } } }],
    ['is for a topic', { request: { kind: 'announcement', audience: { topic: 'news' }, data: { title: 'T' } } }],
  ])('all nodes where it %s', async (_, { userIds = 0, request }) => {
    const { app, one, two, send, heard } = await setUp();
    const participants = Array.from({ length: userIds }, (_each, at) => ({ userId: `u${at}` }));
    await one.conversations.put(app, 'many', { participants: [{ userId: 'alice' }, ...participants] });
    await send(request);
    const before = heard(two);
    await send(request);
    expect(heard(two)).toBe(before + 1);
  });

  test('all nodes for fifteen seconds after news could not be heard or a node went', async () => {
    const { one, two, clock, send, heard } = await setUp();
    await two.connect('stranger');
    await send();
    expect(heard(two)).toBe(0);
    one.elsewhere.forget();
    await send();
    await clock.advance(14_999);
    await send();
    expect(heard(two)).toBe(2);
    await clock.advance(1);
    await send();
    expect(heard(two)).toBe(2);
  });
});

describe('whoever connects before the sender’s node has heard of it', () => {
  test('gets what was sent meanwhile, once, and nothing that others were sent before', async () => {
    const { two, three, clock, send, heard, holdNews } = await setUp();
    await send();
    await send();
    await clock.advance(1);
    const release = holdNews();
    const bob = await two.connect('bob');
    await three.connect('stranger');
    await clock.advance(1);
    await send();
    await send();
    await clock.advance(3000);
    expect(bob.outlet.told('c:c1')).toEqual([]);
    release();
    await clock.advance(0);
    expect(bob.outlet.told('c:c1')).toEqual([3, 4]);
    expect(heard(three)).toBe(0);
    await send();
    expect(bob.outlet.told('c:c1')).toEqual([3, 4, 5]);
  });

  test('gets it as well when they had connections on another node', async () => {
    const { two, three, clock, send, holdNews } = await setUp();
    const first = await two.connect('bob');
    await send();
    await send();
    await clock.advance(1);
    const release = holdNews();
    const second = await three.connect('bob');
    await clock.advance(1);
    await send();
    release();
    await clock.advance(0);
    expect([first, second].map(({ outlet }) => outlet.told('c:c1'))).toEqual([[1, 2, 3], [3]]);
  });
});

describe('a node that had nobody of a conversation for a while', () => {
  const leftBehind = async () => {
    const set = await setUp();
    const { two, clock, send } = set;
    const before = await two.connect('bob');
    await send();
    await two.close(before);
    for (let count = 0; count < 4; count += 1) await send();
    await clock.advance(1);
    const reads = (): number => two.metrics.value('log_reads_total');
    return { ...set, reads };
  };

  test('delivers to who comes then what comes then, and reads nothing of what went by', async () => {
    const { two, send, reads } = await leftBehind();
    const bob = await two.connect('bob');
    await send();
    expect(bob.outlet.told('c:c1')).toEqual([6]);
    expect(reads()).toBe(0);
  });

  test('reads nothing when hints may have been lost', async () => {
    const { two, reads } = await leftBehind();
    await two.sequencer.compareHeads();
    expect(reads()).toBe(0);
  });

  test('delivers what follows to who comes back and resumes, also where the hint of it is lost', async () => {
    const { two, clock, send, busHub, settled } = await leftBehind();
    const bob = await two.connect('bob');
    const { start } = await two.catchUps.prepare(bob, [{ stream: 'c:c1', epoch: 'e1', seq: 1 }], 'resume');
    start();
    await settled();
    expect(bob.outlet.told('c:c1')).toEqual([2, 3, 4, 5]);
    busHub.dropNext(1);
    await send();
    expect(bob.outlet.told('c:c1')).toEqual([2, 3, 4, 5]);
    await two.sequencer.compareHeads();
    await clock.advance(0);
    expect(bob.outlet.told('c:c1')).toEqual([2, 3, 4, 5, 6]);
  });

  test('still fills a hole for who was there all the time', async () => {
    const { two, send, busHub, settled } = await setUp();
    const bob = await two.connect('bob');
    const carol = await two.connect('carol');
    await send();
    await two.close(bob);
    await two.connect('bob');
    busHub.dropNext(1);
    await send();
    await send();
    await settled();
    expect(carol.outlet.told('c:c1')).toEqual([1, 2, 3]);
  });
});
