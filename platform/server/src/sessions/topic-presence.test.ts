// Who is there in a topic, as its watchers are told of it on any node.

import { describe, expect, it } from 'vitest';
import type { SessionInit } from './session.ts';
import { dropForbiddenTopics } from './topics.ts';
import { page } from './test/sessions.fixture.ts';
import { twoNodes } from './test/two-nodes.fixture.ts';

const topic = 'round-7';
const showing = { page: page('/round', [], { presenceTopics: ['round-*'] }) };
const silent = { page: page('/board', [], { topics: ['round-*'] }) };

type Node = ReturnType<typeof twoNodes>['n1'];
type Opened = Awaited<ReturnType<Node['open']>>;

async function enter(node: Node, userId: string, change: Partial<SessionInit> = showing): Promise<Opened> {
  const session = await node.open(userId, change);
  node.registry.subscribe(session, topic);
  await node.sessions.topics.changed(session);
  return session;
}

async function leave(node: Node, session: Opened): Promise<void> {
  node.registry.unsubscribe(session, topic);
  await node.sessions.topics.changed(session);
}

/** What it was told, in short. */
function told({ outlet }: Opened): unknown[] {
  const short = (list: unknown) => (list as { userId: string }[] | undefined)?.map(({ userId }) => userId).join(' ');
  return outlet.events
    .filter(({ action }) => action === 'topic_presence')
    .map(({ data }) => ({
      ...(data['members'] === undefined ? {} : { members: short(data['members']) }),
      ...(data['members'] === undefined ? { joined: short(data['joined']), left: short(data['left']) } : {}),
      ...(data['hasMore'] === true ? { hasMore: true } : {}),
    }));
}

describe('who is in a topic', () => {
  it('is told whole at first, and then who came, here and from another node', async () => {
    const { n1, n2, clock } = twoNodes();
    const ann = await enter(n1, 'ann');
    const bob = await enter(n2, 'bob');
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(10);
    expect(told(ann)).toEqual([{ members: 'ann bob' }]);
    await enter(n1, 'eva');
    await clock.advance(200);
    await enter(n2, 'ed');
    await clock.advance(200);
    const came = [
      { joined: 'eva', left: '' },
      { joined: 'ed', left: '' },
    ];
    expect(told(ann)).toEqual([{ members: 'ann bob' }, ...came]);
    expect(told(bob)).toEqual([]);
    expect(ann.outlet.events.at(-1)?.data).toMatchObject({ topic, hasMore: false });
  });

  it('reports who unsubscribed or went 5 s late, and nothing of a user who is back by then or still there twice', async () => {
    const { n1, n2, clock } = twoNodes();
    const ann = await enter(n1, 'ann');
    const [bob, eva, ed] = [await enter(n2, 'bob'), await enter(n2, 'eva'), await enter(n1, 'ed')];
    await enter(n2, 'ed');
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(100);
    await leave(n2, bob);
    await n2.sessions.closed(eva, 1001);
    await n1.sessions.closed(ed, 1000);
    await clock.advance(3000);
    await enter(n1, 'eva');
    await clock.advance(1800);
    expect(told(ann)).toHaveLength(1);
    await clock.advance(1000);
    expect(told(ann).slice(1)).toEqual([{ joined: '', left: 'bob' }]);
    await clock.advance(60_000);
    expect(told(ann)).toHaveLength(2);
  });

  it('tells of many who come at once in few events', async () => {
    const { n1, clock } = twoNodes();
    const ann = await enter(n1, 'ann');
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(10);
    for (let n = 0; n < 50; n += 1) await enter(n1, `u${n}`);
    await clock.advance(200);
    expect(told(ann).length).toBeLessThanOrEqual(3);
    expect((ann.outlet.events.at(-1)?.data['joined'] as unknown[]).length).toBeGreaterThan(40);
  });

  it('names so many at most, and says that there are more', async () => {
    const { n1, clock } = twoNodes({ membersOfTopic: 2 });
    const ann = await enter(n1, 'ann');
    await enter(n1, 'bob');
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(10);
    const eva = await enter(n1, 'eva');
    await clock.advance(200);
    await n1.sessions.closed(eva, 1000);
    await clock.advance(6000);
    expect(told(ann)).toEqual([
      { members: 'ann bob' },
      { joined: '', left: '', hasMore: true },
      { joined: '', left: '' },
    ]);
  });

  it('says nothing of visitors, and of those whose page or token allows the topic without it', async () => {
    const { n1, clock } = twoNodes();
    const ann = await enter(n1, 'ann', { ...silent, tokenPresenceTopics: [topic] });
    await enter(n1, 'bob', silent);
    await enter(n1, 'visitor:018f0000-0000-7000-8000-000000000001', showing);
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(10);
    expect(told(ann)).toEqual([{ members: 'ann' }]);
  });

  it('ends with the right to it: on another page, with another token, and after the subscription', async () => {
    const { n1, clock } = twoNodes();
    const [ann, bob, eva] = [
      await enter(n1, 'ann'),
      await enter(n1, 'bob', { ...silent, tokenPresenceTopics: [topic] }),
      await enter(n1, 'eva'),
    ];
    for (const session of [ann, bob, eva]) n1.sessions.topics.watch(session, topic, true);
    await clock.advance(10);
    const watcher = await enter(n1, 'ed');
    n1.sessions.topics.watch(watcher, topic, true);
    await clock.advance(200);
    await n1.sessions.moved(ann, silent.page);
    bob.tokenPresenceTopics = [];
    dropForbiddenTopics(n1.registry, bob);
    await n1.sessions.topics.changed(bob);
    await leave(n1, eva);
    const before = [ann, bob, eva].map((session) => told(session).length);
    await clock.advance(6000);
    expect(told(watcher).at(-1)).toEqual({ joined: '', left: 'ann bob eva' });
    expect([ann, bob, eva].map((session) => told(session).length)).toEqual(before);
    expect(ann.topics.has(topic)).toBe(true);
  });

  it('is found by the sweep where no news came', async () => {
    const { n1, clock, installation } = twoNodes();
    const ann = await enter(n1, 'ann');
    const bob = await enter(n1, 'bob');
    n1.sessions.topics.watch(ann, topic, true);
    await clock.advance(100);
    installation.records.delete(bob.id);
    await clock.advance(21_000);
    expect(told(ann).at(-1)).toEqual({ joined: '', left: 'bob' });
  });
});
