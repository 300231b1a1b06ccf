import { describe, expect, test } from 'vitest';
import { page, demo } from './test/sessions.fixture.ts';
import { twoNodes } from './test/two-nodes.fixture.ts';

const newsMs = 50;
const many = Array.from({ length: 100 }, (_, at) => `u${at}`);

/** Users with a connection on another node, as `n1` has them at hand. */
async function setUp({ isAlone = false } = {}) {
  const nodes = twoNodes({ isAlone });
  const session = await nodes.n1.open('somebody');
  const { elsewhere } = nodes.n1.sessions;
  const seen = async (userIds: readonly string[]): Promise<string[]> =>
    (await elsewhere.of(demo, userIds)).map(({ userId }) => userId);
  return { ...nodes, elsewhere, seen, session };
}

describe('the connections of other nodes', () => {
  test.each([
    ['a few users', ['alice', 'bob']],
    ['many users', many],
  ])('are read once for %s', async (_, users) => {
    const { installation, n2, seen } = await setUp();
    const [first = ''] = users;
    await n2.open(first);
    expect(await seen(users)).toEqual([first]);
    expect(await seen(users)).toEqual([first]);
    expect(installation.readElsewhere).toHaveLength(1);
  });

  test('are not kept where there can be none', async () => {
    const { installation, seen } = await setUp({ isAlone: true });
    await seen(['alice']);
    await seen(['alice']);
    expect(installation.readElsewhere).toHaveLength(2);
  });

  test('are the same list for the same many users until one changed', async () => {
    const { clock, n2, elsewhere } = await setUp();
    await n2.open('u1');
    await clock.advance(newsMs);
    const before = await elsewhere.of(demo, many);
    expect(await elsewhere.of(demo, many)).toBe(before);
    await n2.open('u2');
    await clock.advance(newsMs);
    expect(await elsewhere.of(demo, many)).toHaveLength(2);
  });

  test.each([
    ['a few users', ['u1', 'u2']],
    ['many users', many],
  ])('are read anew for %s when one came or went', async (_, users) => {
    const { clock, n2, seen } = await setUp();
    expect(await seen(users)).toEqual([]);
    const session = await n2.open('u1');
    await clock.advance(newsMs);
    expect(await seen(users)).toEqual(['u1']);
    await n2.sessions.closed(session, 1000);
    await clock.advance(newsMs);
    expect(await seen(users)).toEqual([]);
  });

  test('are read anew when one has another page policy', async () => {
    const { clock, n2, elsewhere } = await setUp();
    const session = await n2.open('alice');
    await clock.advance(newsMs);
    await elsewhere.of(demo, ['alice']);
    await n2.sessions.moved(session, page('/silent', []));
    await clock.advance(newsMs);
    expect(await elsewhere.of(demo, ['alice'])).toMatchObject([{ page: '/silent', features: [] }]);
  });

  test('are read at every question on a node that hears no news of the app', async () => {
    const { installation, n1, n2 } = twoNodes();
    const { elsewhere } = n1.sessions;
    expect(await elsewhere.of(demo, many)).toEqual([]);
    await n2.open('u1');
    expect(await elsewhere.of(demo, many)).toHaveLength(1);
    await n2.open('u2');
    expect(await elsewhere.of(demo, ['u1', 'u2'])).toHaveLength(2);
    expect(installation.readElsewhere).toHaveLength(3);
  });

  test('are read anew where news were not heard for a while', async () => {
    const { clock, n1, n2, seen, session } = await setUp();
    expect(await seen(['u1'])).toEqual([]);
    await n1.sessions.closed(session, 1000);
    await clock.advance(59_999);
    expect(await seen(['u1'])).toEqual([]);
    await clock.advance(1);
    await n2.open('u1');
    await clock.advance(newsMs);
    await n1.open('somebody');
    expect(await seen(['u1'])).toEqual(['u1']);
  });

  test('are read anew after ten seconds, when news was lost', async () => {
    const { clock, installation, n2, seen } = await setUp();
    expect(await seen(['alice'])).toEqual([]);
    const { connectionId, ...record } = (await n2.open('bob')).record();
    installation.records.set('another', { ...record, connectionId: `${connectionId} again`, userId: 'alice' });
    await clock.advance(9000);
    expect(await seen(['alice'])).toEqual([]);
    await clock.advance(1000);
    expect(await seen(['alice'])).toEqual(['alice']);
  });

  test.each(['few', 'many'])('are read anew for %s when a node is gone or the bus was away', async (count) => {
    const { installation, hub, n1, seen } = await setUp();
    const users = count === 'few' ? ['u1'] : many;
    await seen(users);
    n1.sessions.nodeGone();
    await seen(users);
    hub.down();
    await seen(users);
    hub.up();
    await seen(users);
    await seen(users);
    expect(installation.readElsewhere).toHaveLength(4);
  });
});

describe('a node whose connections presence did not show for a while', () => {
  test('has the others read anew, and looks for what passed it by, when it is told that it does again', async () => {
    const { clock, installation, n2, elsewhere, seen } = await setUp();
    const session = await n2.open('alice');
    await clock.advance(newsMs);
    installation.records.delete(session.id);
    expect(await seen(['alice'])).toEqual([]);
    expect(elsewhere.nodesOf(demo, ['alice'])).toEqual(new Set());
    installation.records.set(session.id, session.record());
    let looked = 0;
    n2.sessions.onSeenAgain(() => (looked += 1));
    n2.sessions.seenAgain();
    expect(looked).toBe(1);
    await clock.advance(newsMs);
    expect(elsewhere.nodesOf(demo, ['alice'])).toBeUndefined();
    expect(await seen(['alice'])).toEqual(['alice']);
    expect(elsewhere.nodesOf(demo, ['alice'])).toEqual(new Set(['n2']));
  });

  test.each<[string, (nodes: Awaited<ReturnType<typeof setUp>>) => Promise<void>]>([
    [
      'when the bus is back',
      async ({ hub }) => {
        hub.down();
        hub.up();
      },
    ],
    ['when it looks', async ({ clock }) => clock.advance(15_000)],
    ['when presence sees it again', async ({ n2 }) => n2.sessions.seenAgain()],
  ])('tells presence of them again %s', async (_, happen) => {
    const nodes = await setUp();
    const { clock, installation, n2 } = nodes;
    let looked = 0;
    n2.sessions.onSeenAgain(() => (looked += 1));
    installation.isPresenceUp = false;
    const session = await n2.open('alice');
    installation.isPresenceUp = true;
    expect(installation.records.has(session.id)).toBe(false);
    await happen(nodes);
    await clock.advance(newsMs);
    expect(installation.records.has(session.id)).toBe(true);
    expect(looked).toBeGreaterThan(0);
  });
});
