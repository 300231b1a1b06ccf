// The memory driver keeps the contract of the bus, and the switches that tests use on it do what they say.

import { afterEach, expect, test, vi } from 'vitest';
import { busContract } from '../../../../test/contracts/bus.contract.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { TestBusHub } from '../../../../test/support/test-bus.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { RecordedLog, RecordedMetrics } from '../../../sessions/test/sessions.fixture.ts';
import { createSystemClock } from '../../clock.ts';
import { MemoryBusHub } from './memory-bus-hub.ts';

busContract('memory', async () => {
  const hub = new MemoryBusHub({ clock: createSystemClock(), log: new RecordedLog(), metrics: new RecordedMetrics() });
  return { connect: async (node) => hub.connect(node), dispose: async () => {} };
});

busContract('memory, as tests connect it', async () => {
  const hub = new TestBusHub({ clock: createSystemClock() });
  return { connect: async (node) => hub.connect(node), dispose: async () => {} };
});

const clock = createVirtualClock();
const app = newApp();
const hub = new TestBusHub({ clock });
const [from, to] = [hub.connect('a'), hub.connect('b')];
let heard: number[] = [];
to.events.on('message_stored', (_, { seq }) => heard.push(seq));
await to.events.follow(app);
const send = (seq: number): Promise<void> => from.events.publish(app, { type: 'message_stored', stream: 'c:1', seq });
afterEach(() => void (heard = []));

test('dropped messages are lost and the next are not', async () => {
  hub.dropNext(2);
  for (const seq of [1, 2, 3]) await send(seq);
  await vi.waitFor(() => expect(heard).toEqual([3]));
});

test('doubled messages arrive twice and the next once', async () => {
  hub.doubleNext(1);
  for (const seq of [1, 2]) await send(seq);
  await vi.waitFor(() => expect(heard).toEqual([1, 1, 2]));
});

test('a dropped probe is not heard', async () => {
  hub.dropNext(1);
  const probe = from.probe(500);
  await clock.advance(500);
  expect(await probe).toBeUndefined();
});

test('a bus that is down refuses, says so, and works again when it is up', async () => {
  const states: string[] = [];
  from.onState((state) => states.push(state));
  hub.down();
  await expect(send(1)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await from.probe(500)).toBeUndefined();
  expect(from.state()).toBe('down');
  hub.up();
  await send(2);
  await vi.waitFor(() => expect(heard).toEqual([2]));
  expect(states).toEqual(['down', 'up']);
});

test('the others are told that the bus is up when a node that could not publish can again', async () => {
  const states: string[] = [];
  to.onState((state) => states.push(state));
  hub.down('a');
  await expect(send(1)).rejects.toMatchObject({ code: 'unavailable' });
  expect(states).toEqual([]);
  hub.up('a');
  await vi.waitFor(() => expect(states).toEqual(['up']));
  hub.down('a');
  hub.up('a');
  await send(2);
  await vi.waitFor(() => expect(heard).toEqual([2]));
  expect(states).toEqual(['up']);
});

test('a node that is cut off misses the messages that the others hear', async () => {
  const third = hub.connect('c');
  const heardByThird: unknown[] = [];
  third.events.on('message_stored', (_, { seq }) => heardByThird.push(seq));
  await third.events.follow(app);
  hub.down('b');
  await send(1);
  await vi.waitFor(() => expect(heardByThird).toEqual([1]));
  hub.up('b');
  expect(heard).toEqual([]);
  await third.close();
});

test('held messages arrive in order, or reversed, when they are released', async () => {
  for (const order of ['in_order', 'reversed'] as const) {
    hub.hold();
    for (const seq of [1, 2]) await send(seq);
    await clock.advance(10);
    expect(heard).toEqual([]);
    hub.release(order);
    await vi.waitFor(() => expect(heard).toEqual(order === 'in_order' ? [1, 2] : [2, 1]));
    heard = [];
  }
});
