// The connections that count against an app's limit.

import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { newApp, sampleConnection } from '../../test/support/samples.ts';
import { MemoryPresenceHub } from '../drivers/presence/memory/memory-presence-hub.ts';
import { ConnectionCount } from './connection-count.ts';
import { Registry } from './registry.ts';
import { makeSession } from './test/sessions.fixture.ts';

function setUp() {
  const clock = createVirtualClock();
  const hub = new MemoryPresenceHub();
  const [here, there] = [hub.connect('n1'), hub.connect('n2')];
  const registry = new Registry();
  const app = newApp();
  let reads = 0;
  const presence = { count: (of: typeof app) => ((reads += 1), here.count(of)) };
  const count = new ConnectionCount({ registry, presence, clock });
  return { clock, hub, there, here, registry, app, count, reads: () => reads };
}

test('the connections of all nodes count, this one’s at once and each once', async () => {
  const { clock, there, here, registry, app, count } = setUp();
  const own = makeSession('alice', { app });
  registry.add(own);
  await here.join(app, own.record());
  await there.join(app, sampleConnection({ node: 'n2' }));
  expect(await count.of(app)).toBe(2);
  registry.add(makeSession('bob', { app }));
  await there.join(app, sampleConnection({ node: 'n2' }));
  expect(await count.of(app)).toBe(3);
  await clock.advance(1000);
  expect(await count.of(app)).toBe(4);
});

test('a thousand upgrades in a second ask presence once', async () => {
  const { app, count, reads } = setUp();
  for (let upgrade = 0; upgrade < 1000; upgrade += 1) await count.of(app);
  expect(reads()).toBe(1);
});

test('without presence this node’s connections count', async () => {
  const { hub, registry, app, count } = setUp();
  registry.add(makeSession('alice', { app }));
  hub.down();
  expect(await count.of(app)).toBe(1);
});
