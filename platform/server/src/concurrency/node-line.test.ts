// Nodes that ask each other over a bus: who answers, who is silent, who is gone.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryBusHub } from '../drivers/bus/memory/memory-bus-hub.ts';
import { RecordedLog, RecordedMetrics } from '../sessions/test/sessions.fixture.ts';
import { NodeLine, subject } from './node-line.ts';

const count = subject<{ of: string }, number>('count');
const word = subject<string>('word');

async function nodes(...names: string[]) {
  const clock = createVirtualClock();
  const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
  const hub = new MemoryBusHub(surroundings);
  const lines = names.map((node) => new NodeLine({ bus: hub.connect(node), surroundings, node, isAlone: false }));
  for (const line of lines) await line.start();
  await clock.advance(10);
  const [a, b, c] = lines;
  if (a === undefined || b === undefined || c === undefined) throw new Error('three nodes');
  return { clock, hub, lines, a, b, c };
}

test('all nodes answer a question, the one that asks too; one that has no answer is not waited for', async () => {
  const { a, b } = await nodes('a', 'b', 'c');
  a.handle(count, ({ of }) => of.length);
  b.handle(count, async ({ of }) => of.length * 2);
  const { by, silent } = await a.ask(count, { of: 'four' });
  expect(Object.fromEntries(by)).toEqual({ a: 4, b: 8 });
  expect(silent).toEqual([]);
  expect(await a.askOne('b', count, { of: 'x' })).toBe(2);
});

test('a node that does not answer is said, is waited for once, and is asked as before when it was heard of', async () => {
  const { clock, hub, a, b, c } = await nodes('a', 'b', 'c');
  for (const line of [b, c]) line.handle(count, () => 1);
  hub.setState('down', 'c');
  const first = a.ask(count, { of: '' });
  await clock.advance(999);
  await clock.advance(1);
  expect(await first).toMatchObject({ silent: ['c'] });
  expect(await a.ask(count, { of: '' })).toMatchObject({ silent: ['c'] });
  hub.setState('up', 'c');
  await clock.advance(4000);
  expect((await a.ask(count, { of: '' })).by.size).toBe(2);
});

test('a node that says nothing for ten seconds is gone, one that ends is gone at once, and one that comes is there', async () => {
  const { clock, hub, a, b } = await nodes('a', 'b', 'c');
  const heard: string[] = [];
  a.onNode((node, is) => heard.push(`${node} ${is}`));
  hub.setState('down', 'c');
  await clock.advance(15_000);
  expect(a.others).toEqual(['b']);
  await b.stop();
  await clock.advance(10);
  expect(a.others).toEqual([]);
  hub.setState('up', 'c');
  await clock.advance(4000);
  expect(heard).toEqual(['c gone', 'b gone', 'c there']);
});

test('nobody is gone because the bus is away', async () => {
  const { clock, hub, a } = await nodes('a', 'b', 'c');
  hub.setState('down');
  await clock.advance(60_000);
  expect(a.others).toEqual(['b', 'c']);
  expect((await a.ask(count, { of: '' })).silent).toEqual(['b', 'c']);
  const heard: string[] = [];
  a.onNode((node, is) => heard.push(`${node} ${is}`));
  hub.setState('up');
  await clock.advance(30_000);
  expect(a.others).toEqual(['b', 'c']);
  expect(heard).toEqual([]);
});

test('words reach one node, which may be the one that says them, in their order', async () => {
  const { clock, a, b, c } = await nodes('a', 'b', 'c');
  const heard: string[] = [];
  for (const line of [a, b, c]) line.handle(word, (text, from) => void heard.push(`${line.node} ${text} ${from}`));
  for (const text of ['one', 'two']) a.say(word, text, 'b');
  a.say(word, 'own', 'a');
  await clock.advance(1);
  expect(heard).toEqual(['a own a', 'b one a', 'b two a']);
});

test('a handler that throws is an answer that is none', async () => {
  const { a, b } = await nodes('a', 'b', 'c');
  b.handle(count, () => {
    throw new Error('broken');
  });
  expect((await a.ask(count, { of: '' })).by.size).toBe(0);
});
