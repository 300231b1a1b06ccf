// The nodes of an installation, as the people of one app may know them.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { NodeLine } from '../../concurrency/node-line.ts';
import { MemoryBusHub } from '../../drivers/bus/memory/memory-bus-hub.ts';
import { Registry } from '../registry.ts';
import { demo, makeSession, RecordedLog, RecordedMetrics } from '../test/sessions.fixture.ts';
import { NodesOfApp, type NodeItself } from './nodes-of-app.ts';

const clock = createVirtualClock();
const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };

async function begin() {
  const hub = new MemoryBusHub(surroundings);
  const lineOf = (node: string) => new NodeLine({ bus: hub.connect(node), surroundings, node, isAlone: false });
  const [a, b, old] = [lineOf('a'), lineOf('b'), lineOf('old')];
  const itself: NodeItself = { role: 'all', version: '1.1.0', state: 'ready' };
  const registry = new Registry();
  const nodes = new NodesOfApp({ registry, line: a, itself: () => itself });
  new NodesOfApp({
    registry: new Registry(),
    line: b,
    itself: () => ({ ...itself, role: 'worker', state: 'draining' }),
  });
  for (const line of [a, b, old]) await line.start();
  await clock.advance(10);
  return { hub, nodes, registry };
}

test('each says what it is and how many connections of the app it has; one of an earlier version its name', async () => {
  const { nodes, registry } = await begin();
  registry.add(makeSession('alice'));
  expect(await nodes.of(demo)).toEqual({
    items: [
      { node: 'a', role: 'all', version: '1.1.0', state: 'ready', connections: 1 },
      { node: 'b', role: 'worker', version: '1.1.0', state: 'draining', connections: 0 },
      { node: 'old' },
    ],
    silent: [],
  });
});

test('one that does not answer is silent, and no row', async () => {
  const { hub, nodes } = await begin();
  hub.setState('down', 'b');
  const asked = nodes.of(demo);
  await clock.advance(1000);
  expect(await asked).toMatchObject({ items: [{ node: 'a' }, { node: 'old' }], silent: ['b'] });
});
