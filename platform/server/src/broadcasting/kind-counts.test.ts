// Broadcasts by kind and hour: counted over nodes, kept over a stop, and never under names that anybody chooses.

import { expect, test } from 'vitest';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../ports/app-id.ts';
import { RecordedLog, RecordedMetrics } from '../sessions/test/sessions.fixture.ts';
import { InProcessFacts } from '../telemetry/facts.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { KindCounts } from './kind-counts.ts';
import { builtInKindRows } from './kinds.ts';

const app = asAppId('demo');
const hourMs = 3_600_000;

function setUp() {
  const clock = createVirtualClock();
  clock.jump(Date.UTC(2026, 0, 2, 0, 30) - clock.now());
  const stores = createMemoryStores();
  const node = () => {
    const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
    const facts = new InProcessFacts({ surroundings });
    const kinds = { find: async (_app: unknown, kind: string) => builtInKindRows.find((row) => row.kind === kind) };
    const counts = new KindCounts({ usage: stores.usage, kinds, facts, surroundings });
    const send = (kind: string, agoMs = 0) => {
      const atMs = clock.now() - agoMs;
      facts.record(app, {
        ...{ type: 'message.sent', atMs, acceptedAtMs: atMs, messageId: 'm', kind, action: kind },
        ...{ recipients: [], recipientCount: 0, counts: {} },
      });
    };
    return { counts, send };
  };
  return { clock, stores, node };
}

const last = (hours: readonly number[] = [], count: number) => hours.slice(-count);

test('counts stand by the hour of the day over midnight, and older ones are left out', async () => {
  const { node } = setUp();
  const { counts, send } = node();
  send('direct');
  send('direct');
  send('direct', hourMs);
  send('direct', 23 * hourMs);
  send('direct', 24 * hourMs);
  const hours = (await counts.of(app)).get('direct');
  expect(hours).toHaveLength(24);
  expect([hours?.[0], ...last(hours, 2)]).toEqual([1, 1, 2]);
  expect(hours?.reduce((sum, count) => sum + count)).toBe(4);
});

test('counts of several nodes are added, those that were stored at a stop too', async () => {
  const { node } = setUp();
  const [one, two] = [node(), node()];
  one.send('direct');
  two.send('direct');
  two.send('message');
  await one.counts.stop();
  expect(last((await two.counts.of(app)).get('direct'), 1)).toEqual([2]);
  expect((await node().counts.of(app)).get('message')).toEqual((await two.counts.of(app)).get('message'));
});

test('an action with a policy of its own is not counted: anybody chooses its name', async () => {
  const { node, stores } = setUp();
  const { counts, send } = node();
  for (const name of ['one', 'two', 'three']) send(name);
  expect(await counts.of(app)).toEqual(new Map());
  expect(await stores.usage.read(app, '2026-01-02')).toEqual(new Map());
});

test('counts that could not be stored are stored later', async () => {
  const { node, stores, clock } = setUp();
  const { add } = stores.usage;
  const { counts, send } = node();
  counts.start();
  stores.usage.add = () => Promise.reject(new Error('away'));
  send('direct');
  await clock.advance(10_000);
  await expect(counts.of(app)).rejects.toThrow('away');
  stores.usage.add = add;
  await clock.advance(10_000);
  expect([...(await stores.usage.read(app, '2026-01-02'))]).toEqual([['kind:direct:0', 1]]);
  await counts.stop();
});
