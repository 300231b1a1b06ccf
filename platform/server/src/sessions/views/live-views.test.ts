// Lists that live: who hears of what, when, and how many there may be. What a list holds: view.test.ts.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { NodeLine } from '../../concurrency/node-line.ts';
import { asAppId, consoleApp } from '../../ports/app-id.ts';
import { ConnectionHistory } from '../connection-history.ts';
import { encode } from '../encoded.ts';
import { MemoryBusHub } from '../../drivers/bus/memory/memory-bus-hub.ts';
import { InProcessFacts } from '../../telemetry/facts.ts';
import { Registry } from '../registry.ts';
import { demo, makeSession, RecordedLog, RecordedMetrics, type TestSession } from '../test/sessions.fixture.ts';
import { LiveViews, topicOfView } from './live-views.ts';
import type { ViewDelta } from './view-shape.ts';

const asked = {
  filter: {},
  sort: 'connectedAt' as const,
  isDescending: true,
  window: { from: 0, size: 100, follows: true },
};
const anna = { account: 'anna', tab: 'tab-one' };

function begin() {
  const clock = createVirtualClock();
  const registry = new Registry();
  const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
  const facts = new InProcessFacts({ surroundings });
  const bus = new MemoryBusHub(surroundings).connect('n1');
  const line = new NodeLine({ bus, surroundings, node: 'n1', isAlone: true });
  const views = new LiveViews({ registry, facts, surroundings, line });
  const come = (userId: string): TestSession => {
    const session = makeSession(userId);
    registry.add(session);
    views.changed(session);
    return session;
  };
  const go = (session: TestSession): void => {
    session.closed = true;
    registry.remove(session);
    views.changed(session);
  };
  const hear = (id: string): TestSession => {
    const tab = makeSession('acc:anna', { app: consoleApp });
    registry.add(tab);
    registry.subscribe(tab, topicOfView(id));
    return tab;
  };
  return { clock, views, registry, facts, come, go, hear };
}

const deltas = ({ outlet }: TestSession) => outlet.events.map(({ data }) => data as unknown as ViewDelta);

test('who looks hears within half a second who came and went, and nothing where nothing happens', async () => {
  const { clock, views, come, go, hear } = begin();
  const alice = come('alice');
  const { id, answer } = await views.openConnections(demo, anna, asked);
  expect(answer).toMatchObject({ n: 0, total: 1, rows: [{ user: 'alice' }] });
  const tab = hear(id);
  const bob = come('bob');
  await clock.advance(500);
  expect(deltas(tab)).toMatchObject([{ view: id, n: 1, total: 2, put: [{ id: bob.id, at: 0 }], gone: [] }]);
  go(alice);
  await clock.advance(500);
  await clock.advance(10_000);
  expect(deltas(tab)).toMatchObject([{ n: 1 }, { n: 2, total: 1, gone: [alice.id] }]);
});

test('what happens before somebody hears is said when they do', async () => {
  const { clock, views, come, hear } = begin();
  const { id } = await views.openConnections(demo, anna, asked);
  come('bob');
  await clock.advance(5000);
  const tab = hear(id);
  await clock.advance(500);
  expect(deltas(tab)).toMatchObject([{ n: 1, total: 1, put: [{ user: 'bob', at: 0 }] }]);
});

/** Somebody looks at a client that has fallen behind since. */
async function beginBehind() {
  const { clock, views, come, hear } = begin();
  const slow = come('slow');
  const { id } = await views.openConnections(demo, anna, asked);
  const tab = hear(id);
  slow.outlet.stall();
  slow.outlet.send(
    encode({ action: 'announcement', timestamp: '2026-01-01T00:00:00.000Z', data: { text: 'x'.repeat(50_000) } }),
  );
  await clock.advance(3000);
  return { clock, slow, tab };
}

test('a client that falls behind is shown so without an event that says it', async () => {
  const { slow, tab } = await beginBehind();
  expect(deltas(tab)).toMatchObject([{ put: [{ id: slow.id, behindBytes: expect.any(Number) }] }]);
});

test('one that has caught up is shown so too', async () => {
  const { clock, slow, tab } = await beginBehind();
  slow.outlet.drain();
  await clock.advance(3000);
  expect(deltas(tab)).toMatchObject([{ n: 1 }, { n: 2, put: [{ id: slow.id, behindBytes: 0 }] }]);
});

test('a list that is opened between two turns begins with what the others hear at the next one', async () => {
  const { clock, views, come, go, hear } = begin();
  const alice = come('alice');
  const { id } = await views.openConnections(demo, anna, asked);
  const tab = hear(id);
  const bob = come('bob');
  go(alice);
  const other = await views.openConnections(demo, anna, asked);
  expect(other.answer.rows).toMatchObject([{ user: 'bob' }]);
  const otherTab = hear(other.id);
  await clock.advance(500);
  expect(deltas(tab)).toMatchObject([{ total: 1, put: [{ id: bob.id }], gone: [alice.id] }]);
  expect(deltas(otherTab)).toEqual([]);
});

test('of two lists with too much at once the other hears it when the first was asked for again', async () => {
  const { clock, views, come, hear } = begin();
  const lists = [await views.openConnections(demo, anna, asked), await views.openConnections(demo, anna, asked)];
  const tabs = lists.map(({ id }) => hear(id));
  for (let count = 0; count < 150; count += 1) come(`user-${count}`);
  const toldAtMs = tabs.map(() => 0);
  for (let ms = 0; ms < 3000; ms += 10) {
    await clock.advance(10);
    for (const [at, { outlet }] of tabs.entries()) {
      if (outlet.actions().includes('view_reset')) toldAtMs[at] ||= clock.monotonic();
    }
  }
  const [first = 0, second = 0] = toldAtMs;
  expect(first).toBeGreaterThan(0);
  expect(second - first).toBe(50);
});

test('too much at once is a word to ask again, and silence until that is done', async () => {
  const { clock, views, come, hear } = begin();
  const { id } = await views.openConnections(demo, anna, asked);
  const tab = hear(id);
  // Rows that come together take their places after a moment.
  for (let count = 0; count < 150; count += 1) come(`user-${count}`);
  await clock.advance(2500);
  expect(tab.outlet.actions().at(-1)).toBe('view_reset');
  const heard = tab.outlet.actions().length;
  come('late');
  await clock.advance(1000);
  expect(tab.outlet.actions().length).toBe(heard);
  const answer = await views.look({ id, app: demo, account: 'anna' }, { window: asked.window });
  expect(answer).toMatchObject({ total: 151 });
  come('later');
  await clock.advance(500);
  expect(deltas(tab).at(-1)).toMatchObject({ n: answer.n + 1, total: 152 });
});

test('a list that nobody hears is gone after a minute, and with it all that it costs', async () => {
  const { clock, views, come } = begin();
  const { id } = await views.openConnections(demo, anna, asked);
  await clock.advance(59_000);
  expect(views.size).toBe(1);
  await clock.advance(2000);
  expect(views.size).toBe(0);
  expect(clock.pending()).toBe(0);
  come('bob');
  await expect(views.look({ id, app: demo, account: 'anna' }, { window: asked.window })).rejects.toThrow(
    'no such view',
  );
});

test('a list is of the account that made it, and of nobody else', async () => {
  const { views } = begin();
  const { id } = await views.openConnections(demo, anna, asked);
  expect(await views.appFor(id, 'anna')).toBe(demo);
  expect(await views.appFor(id, 'eve')).toBeUndefined();
  await expect(views.look({ id, app: demo, account: 'eve' }, { window: asked.window })).rejects.toThrow('no such view');
  expect(await views.close({ id, app: demo, account: 'eve' })).toBe(false);
  expect(await views.close({ id, app: demo, account: 'anna' })).toBe(true);
});

test('a tab has eight lists, an account forty, a node two hundred', async () => {
  const open = (views: LiveViews, account: string, tab: string) => views.openConnections(demo, { account, tab }, asked);
  const { views } = begin();
  for (let count = 0; count < 8; count += 1) await open(views, 'anna', 'one');
  await expect(open(views, 'anna', 'one')).rejects.toThrow('8 lists');
  for (let count = 0; count < 32; count += 1) await open(views, 'anna', `tab-${count}`);
  await expect(open(views, 'anna', 'another')).rejects.toThrow('lists');
  for (let count = 0; count < 160; count += 1) await open(views, `account-${count}`, 'one');
  await expect(open(views, 'bo', 'one')).rejects.toThrow('lists');
});

const streamed = ({ outlet }: TestSession) =>
  outlet.events.map(({ data }) => data as unknown as { rows: Record<string, unknown>[]; seen: number });

test('what passes over a connection is seen from the moment somebody looks, and no longer', async () => {
  const { clock, views, come, hear } = begin();
  const bob = come('bob');
  const id = await views.openFrames(demo, anna, { connectionId: bob.id, withBodies: false });
  const tab = hear(id);
  bob.tap?.came({ id: 7, action: 'message', data: { text: 'secret' } }, 40);
  bob.tap?.answered({ id: 7, action: 'message' }, { code: 'feature_disabled', bytes: 60 });
  bob.tap?.sent({ action: 'new_message', stream: 'c:c1', seq: 3, timestamp: '', data: { text: 'secret' } }, 90);
  await clock.advance(250);
  expect(streamed(tab)).toMatchObject([
    {
      seen: 3,
      rows: [
        { way: 'in', action: 'message', frameId: 7, bytes: 40 },
        { way: 'answer', code: 'feature_disabled' },
        { way: 'out', action: 'new_message', stream: 'c:c1', seq: 3 },
      ],
    },
  ]);
  expect(JSON.stringify(tab.outlet.events)).not.toContain('secret');
  await views.close({ id, app: demo, account: 'anna' });
  expect(bob.tap).toBeUndefined();
});

test('who may see bodies gets them, cut', async () => {
  const { clock, views, come, hear } = begin();
  const bob = come('bob');
  const tab = hear(await views.openFrames(demo, anna, { connectionId: bob.id, withBodies: true }));
  bob.tap?.came({ action: 'message', data: { text: 'x'.repeat(10_000) } }, 10_040);
  await clock.advance(250);
  expect(streamed(tab)[0]?.rows[0]?.['body']).toHaveLength(4096);
});

test('what a connection did is said at once, and of another app nobody hears', async () => {
  const { clock, views, come, go, hear } = begin();
  const bob = come('bob');
  ConnectionHistory.of(bob).refused('message', 'feature_disabled', clock.now());
  const tab = hear(await views.openHistory(demo, anna, bob.id));
  await clock.advance(250);
  expect(streamed(tab)).toMatchObject([
    {
      rows: [
        { n: 0, page: '/chat' },
        { n: 1, code: 'feature_disabled' },
      ],
    },
  ]);
  await expect(views.openHistory(asAppId('other'), anna, bob.id)).rejects.toThrow('no such connection');
  go(bob);
  await expect(views.openHistory(demo, anna, bob.id)).rejects.toThrow('no such connection');
});

test('of what passes in an app at most 20 a second are shown, with how many there were', async () => {
  const { clock, views, facts, come, hear } = begin();
  const bob = come('bob');
  const tab = hear(await views.openLive(demo, anna, {}));
  for (let count = 0; count < 2000; count += 1) bob.tap?.answered({ action: 'message' }, { bytes: 10 });
  await facts.flush();
  await clock.advance(250);
  expect(streamed(tab)).toMatchObject([{ seen: 2000 }]);
  expect(streamed(tab)[0]?.rows).toHaveLength(5);
});

test('a filter of what passes leaves out the rest: by user, by reason, by kind of row', async () => {
  const { clock, views, facts, come, hear } = begin();
  const mine = hear(await views.openLive(demo, anna, { user: ['bob'], reason: ['feature_disabled', 'muted'] }));
  const [alice, bob] = [come('alice'), come('bob')];
  alice.tap?.answered({ action: 'message' }, { code: 'feature_disabled', bytes: 1 });
  bob.tap?.answered({ action: 'message' }, { bytes: 1 });
  bob.tap?.answered({ action: 'typing' }, { code: 'feature_disabled', bytes: 1 });
  facts.record(demo, {
    ...{ type: 'message.sent', atMs: 0, messageId: 'm', kind: 'message', action: 'new_message', senderId: 'bob' },
    ...{ acceptedAtMs: 0, recipients: undefined, recipientCount: 2, counts: { muted: 1, acked: 1 } },
  });
  await facts.flush();
  await clock.advance(250);
  expect(streamed(mine).flatMap(({ rows }) => rows)).toMatchObject([
    { type: 'command', what: 'typing', user: 'bob', reason: 'feature_disabled' },
    { type: 'event', what: 'new_message', recipients: 2 },
  ]);
});

test('nothing is listened to where nobody watches', async () => {
  const { views, facts, come } = begin();
  const bob = come('bob');
  const id = await views.openLive(demo, anna, {});
  expect(facts.wants('connection.opened')).toBe(true);
  await views.close({ id, app: demo, account: 'anna' });
  expect(facts.wants('connection.opened')).toBe(false);
  expect(bob.tap).toBeUndefined();
});
