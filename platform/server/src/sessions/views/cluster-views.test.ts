// Lists that live over three nodes of one process: each answers for its own connections, and nodes come, go, and are
// cut off. How parts become one list: merged-view.test.ts.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { NodeLine } from '../../concurrency/node-line.ts';
import { MemoryBusHub } from '../../drivers/bus/memory/memory-bus-hub.ts';
import { consoleApp } from '../../ports/app-id.ts';
import { InProcessFacts } from '../../telemetry/facts.ts';
import { ConnectionHistory } from '../connection-history.ts';
import { Registry } from '../registry.ts';
import { demo, makeSession, RecordedLog, RecordedMetrics, type TestSession } from '../test/sessions.fixture.ts';
import type { ConnectionFilter } from './connection-filter.ts';
import { LiveViews, topicOfView } from './live-views.ts';
import type { ViewDelta } from './view-shape.ts';

const window = { from: 0, size: 100, follows: true };
const ask = (filter: ConnectionFilter = {}) => ({ filter, sort: 'user' as const, isDescending: false, window });
const anna = { account: 'anna', tab: 'tab-one' };

interface TestNode {
  name: string;
  views: LiveViews;
  facts: InProcessFacts;
  line: NodeLine;
  come: (userId: string) => TestSession;
  go: (session: TestSession) => void;
  /** Anna's tab, which hears of the list. */
  hear: (id: string) => TestSession;
}

async function begin() {
  const clock = createVirtualClock();
  const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
  const hub = new MemoryBusHub(surroundings);
  const start = async (name: string): Promise<TestNode> => {
    const registry = new Registry();
    const facts = new InProcessFacts({ surroundings });
    const line = new NodeLine({ bus: hub.connect(name), surroundings, node: name, isAlone: false });
    const views = new LiveViews({ registry, facts, surroundings, line });
    await line.start();
    await clock.advance(5);
    return {
      ...{ name, views, facts, line },
      come(userId) {
        const session = makeSession(userId, { node: name });
        registry.add(session);
        views.changed(session);
        return session;
      },
      go(session) {
        session.closed = true;
        registry.remove(session);
        views.changed(session);
      },
      hear(id) {
        const tab = makeSession('acc:anna', { app: consoleApp });
        registry.add(tab);
        registry.subscribe(tab, topicOfView(id));
        return tab;
      },
    };
  };
  return { clock, hub, start, n1: await start('n1'), n2: await start('n2'), n3: await start('n3') };
}

const heard = ({ outlet }: TestSession) => outlet.events.map(({ data }) => data as unknown as ViewDelta);
const usersOf = (rows: readonly { user: string }[]) => rows.map(({ user }) => user);

test('a list has the connections of all nodes in one order, and hears within a second what changes at any', async () => {
  const { clock, n1, n2, n3 } = await begin();
  n1.come('ann');
  const bob = n2.come('bob');
  n3.come('carl');
  const { id, answer } = await n1.views.openConnections(demo, anna, ask());
  expect(usersOf(answer.rows)).toEqual(['ann', 'bob', 'carl']);
  expect(answer).toMatchObject({ total: 3, people: 3, facets: { node: [{ count: 1 }, { count: 1 }, { count: 1 }] } });
  expect(answer.silent).toBeUndefined();
  const tab = n1.hear(id);
  n3.come('abe');
  n2.go(bob);
  await clock.advance(1000);
  const said = heard(tab);
  expect(said.map(({ n }) => n)).toEqual(said.map((_, at) => at + 1));
  expect(said.at(-1)).toMatchObject({ total: 3 });
  expect(said.flatMap(({ put }) => put)).toMatchObject([{ user: 'abe', at: 0 }]);
  expect(said.flatMap(({ gone }) => gone)).toEqual([bob.id]);
});

test('each node filters its own, and says nothing of what does not fit', async () => {
  const { clock, n1, n2 } = await begin();
  n2.come('bob');
  n2.come('carl');
  const { id, answer } = await n1.views.openConnections(demo, anna, ask({ user: ['carl'] }));
  expect(usersOf(answer.rows)).toEqual(['carl']);
  const tab = n1.hear(id);
  n2.come('dora');
  await clock.advance(3000);
  expect(heard(tab)).toEqual([]);
});

test('a node that leaves takes its rows along at once, one that was cut off after ten seconds, until it is back', async () => {
  const { clock, hub, n1, n2, n3 } = await begin();
  n1.come('ann');
  const [bob, carl] = [n2.come('bob'), n3.come('carl')];
  const { id } = await n1.views.openConnections(demo, anna, ask());
  const tab = n1.hear(id);
  await n3.line.stop();
  await clock.advance(1000);
  expect(heard(tab)).toMatchObject([{ total: 2, gone: [carl.id] }]);
  hub.setState('down', 'n2');
  await clock.advance(8000);
  // Asked whether it still has its part, it did not answer.
  expect(heard(tab).at(-1)?.total).toBe(2);
  await clock.advance(7000);
  expect(heard(tab).at(-1)).toMatchObject({ total: 1, gone: [bob.id] });
  hub.setState('up', 'n2');
  await clock.advance(5000);
  expect(heard(tab).at(-1)).toMatchObject({ total: 2, put: [{ id: bob.id, at: 1 }] });
});

test('a list says which nodes did not answer when it was made', async () => {
  const { clock, hub, n1, n2 } = await begin();
  n2.come('bob');
  hub.setState('down', 'n2');
  const opening = n1.views.openConnections(demo, anna, ask());
  await clock.advance(1000);
  const { id, answer } = await opening;
  expect(answer).toMatchObject({ total: 0, silent: ['n2'] });
  const tab = n1.hear(id);
  hub.setState('up', 'n2');
  await clock.advance(6000);
  expect(heard(tab).at(-1)).toMatchObject({ total: 1, put: [{ user: 'bob' }] });
  expect(heard(tab).at(-1)).not.toHaveProperty('silent');
});

test('a word that was lost is found within seconds, although nothing happens afterwards', async () => {
  const { clock, hub, n1, n2 } = await begin();
  const { id } = await n1.views.openConnections(demo, anna, ask());
  const tab = n1.hear(id);
  hub.setState('down', 'n2');
  n2.come('bob');
  await clock.advance(600);
  hub.setState('up', 'n2');
  await clock.advance(5000);
  expect(heard(tab).at(-1)).toMatchObject({ total: 1, put: [{ user: 'bob' }] });
});

test('a node that comes while somebody reads has the list asked for anew', async () => {
  const { clock, start, n1 } = await begin();
  for (const user of ['a', 'b', 'c']) n1.come(user);
  const still = { ...ask(), window: { from: 0, size: 2, follows: false } };
  const { id } = await n1.views.openConnections(demo, anna, still);
  const tab = n1.hear(id);
  const n4 = await start('n4');
  await clock.advance(1000);
  expect(heard(tab)).toEqual([]);
  n4.come('aa');
  await clock.advance(1000);
  expect(heard(tab)).toMatchObject([{ n: 1, total: 4, fresh: 1 }]);
});

test('any node can be asked for another part of a list, and to let it go', async () => {
  const { clock, n1, n2, n3 } = await begin();
  for (const [at, node] of [n1, n2, n3].entries()) for (let each = 0; each < 60; each += 1) node.come(`u${each}${at}`);
  const { id } = await n1.views.openConnections(demo, anna, ask());
  const of = { id, app: demo, account: 'anna' };
  const order = Array.from({ length: 60 }, (_, each) => [0, 1, 2].map((at) => `u${each}${at}`)).flat();
  const sorted = order.sort();
  const answer = await n3.views.look(of, { window: { from: 120, size: 30, follows: false } });
  expect(answer.from).toBe(120);
  expect(usersOf(answer.rows)).toEqual(sorted.slice(120, 150));
  await expect(n2.views.look({ ...of, account: 'eve' }, { window })).rejects.toThrow('no such view');
  expect(await n2.views.close({ ...of, account: 'eve' })).toBe(false);
  expect(await n2.views.close(of)).toBe(true);
  expect(n1.views.size).toBe(0);
  await clock.advance(1000);
  await expect(n1.views.look(of, { window })).rejects.toThrow('no such view');
});

test('a tab that hears at another node than it asked takes the list along, and asks anew', async () => {
  const { clock, n1, n2 } = await begin();
  n1.come('ann');
  const { id } = await n1.views.openConnections(demo, anna, ask());
  expect(await n2.views.appFor(id, 'eve')).toBeUndefined();
  expect(await n2.views.appFor(id, 'anna')).toBe(demo);
  expect([n1.views.size, n2.views.size]).toEqual([0, 1]);
  const tab = n2.hear(id);
  await clock.advance(500);
  expect(tab.outlet.actions()).toEqual(['view_reset']);
  const answer = await n1.views.look({ id, app: demo, account: 'anna' }, { window });
  expect(usersOf(answer.rows)).toEqual(['ann']);
  n1.come('bob');
  await clock.advance(1000);
  expect(heard(tab).at(-1)).toMatchObject({ n: answer.n + 1, put: [{ user: 'bob' }] });
});

test('a tab has eight lists, whichever nodes it asked', async () => {
  const { n1, n2 } = await begin();
  const open = async (): Promise<string> => (await n1.views.openConnections(demo, anna, ask())).id;
  for (let count = 0; count < 8; count += 1) expect(await n2.views.appFor(await open(), 'anna')).toBe(demo);
  expect(await n2.views.appFor(await open(), 'anna')).toBeUndefined();
  expect([n1.views.size, n2.views.size]).toEqual([0, 8]);
});

test('a list whose node is no more costs the others nothing after a while, and one that is let go nothing at once', async () => {
  const { clock, hub, n1, n2 } = await begin();
  const bob = n2.come('bob');
  const first = await n1.views.openLive(demo, anna, {});
  expect(bob.tap).toBeDefined();
  await n1.views.close({ id: first, app: demo, account: 'anna' });
  await clock.advance(5);
  expect(bob.tap).toBeUndefined();
  const second = await n1.views.openLive(demo, anna, {});
  n1.hear(second);
  await clock.advance(20_000);
  expect(bob.tap).toBeDefined();
  hub.setState('down', 'n1');
  await clock.advance(16_000);
  expect(bob.tap).toBeUndefined();
});

test('what passes over a connection of another node is seen, and of none that no node has', async () => {
  const { clock, n1, n3 } = await begin();
  const bob = n3.come('bob');
  const asked = { connectionId: bob.id, withBodies: false };
  const id = await n1.views.openFrames(demo, anna, asked);
  const tab = n1.hear(id);
  bob.tap?.came({ id: 7, action: 'message', data: { text: 'secret' } }, 40);
  bob.tap?.answered({ id: 7, action: 'message' }, { bytes: 60 });
  await clock.advance(500);
  expect(heard(tab)).toMatchObject([{ seen: 2, rows: [{ way: 'in', action: 'message' }, { way: 'answer' }] }]);
  expect(JSON.stringify(tab.outlet.events)).not.toContain('secret');
  await expect(n1.views.openFrames(demo, anna, { ...asked, connectionId: 'gone' })).rejects.toThrow(
    'no such connection',
  );
});

test('what a connection of another node did is said first, then what it goes on to do, and its end', async () => {
  const { clock, n1, n3 } = await begin();
  const bob = n3.come('bob');
  const history = ConnectionHistory.of(bob);
  history.resumed([], clock.now());
  const id = await n1.views.openHistory(demo, anna, bob.id);
  const tab = n1.hear(id);
  await clock.advance(500);
  history.refused('message', 'feature_disabled', clock.now());
  await clock.advance(500);
  ConnectionHistory.closed(bob, 4507, clock.now());
  n3.go(bob);
  await clock.advance(500);
  const rows = heard(tab).map((said) => (said as unknown as { rows: object[] }).rows);
  expect(rows).toMatchObject([
    [
      { n: 0, what: 'connected' },
      { n: 1, what: 'resumed' },
    ],
    [{ n: 2, what: 'refused', action: 'message' }],
    [{ n: 3, what: 'closed', closeCode: 4507 }],
  ]);
  await expect(n1.views.openHistory(demo, anna, bob.id)).rejects.toThrow('no such connection');
});

test('nothing that passes is missed while a tab hears at another node than it asked', async () => {
  const { clock, n1, n2, n3 } = await begin();
  const bob = n3.come('bob');
  const came = (id: number) => bob.tap?.came({ id, action: 'message', data: {} }, 40);
  const id = await n1.views.openFrames(demo, anna, { connectionId: bob.id, withBodies: false });
  came(1);
  await clock.advance(300);
  came(2);
  expect(await n2.views.appFor(id, 'anna')).toBe(demo);
  came(3);
  const tab = n2.hear(id);
  await clock.advance(1000);
  const rows = heard(tab).flatMap((said) => (said as unknown as { rows: { frameId: number }[] }).rows);
  expect(rows.map(({ frameId }) => frameId)).toEqual([1, 2, 3]);
});

test('what passes in an app is of all nodes, at most twenty rows a second by chance, with how many there were', async () => {
  const { clock, n1, n2, n3 } = await begin();
  const [bob, carl] = [n2.come('bob'), n3.come('carl')];
  const tab = n1.hear(await n1.views.openLive(demo, anna, {}));
  for (let count = 0; count < 900; count += 1) bob.tap?.answered({ action: 'message' }, { bytes: 10 });
  for (let count = 0; count < 100; count += 1) carl.tap?.answered({ action: 'message' }, { bytes: 10 });
  for (const { facts } of [n1, n2, n3]) await facts.flush();
  await clock.advance(1000);
  const passed = heard(tab) as unknown as { seen: number; rows: unknown[] }[];
  expect(passed.reduce((sum, { seen }) => sum + seen, 0)).toBe(1000);
  expect(passed.flatMap(({ rows }) => rows).length).toBeLessThanOrEqual(20);
  expect(passed.flatMap(({ rows }) => rows).length).toBeGreaterThan(0);
});
