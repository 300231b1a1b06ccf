import { afterEach, expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryBusHub } from '../drivers/bus/memory/memory-bus-hub.ts';
import { asAppId } from '../ports/app-id.ts';
import type { Fact } from '../ports/facts.ts';
import { RecordedLog, RecordedMetrics } from '../sessions/test/sessions.fixture.ts';
import { InProcessFacts } from '../telemetry/facts.ts';
import { ConversationWatches } from './watches.ts';

const [demo, other] = [asAppId('demo'), asAppId('other')];
let ended: ConversationWatches[] = [];
afterEach(() => {
  for (const watches of ended) watches.stop();
  ended = [];
});

/** Two nodes: people look at one, things happen at the other. */
async function twoNodes() {
  const clock = createVirtualClock();
  const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
  const hub = new MemoryBusHub(surroundings);
  const heard: string[] = [];
  const node = (name: string) => {
    const facts = new InProcessFacts({ surroundings });
    const publish = (topic: string, { data }: { data: object }) => {
      heard.push(`${topic} ${'parts' in data ? String(data.parts) : ''}`);
    };
    const watches = new ConversationWatches({ facts, bus: hub.connect(name), clock, publish });
    ended.push(watches);
    return { facts, watches };
  };
  const [a, b] = [node('a'), node('b')];
  const happens = async (fact: Fact, app = demo): Promise<void> => {
    b.facts.record(app, fact);
    await b.facts.flush();
  };
  return { clock, heard, a, b, happens };
}

const sent = (conversationId: string, seq = 1): Fact => ({
  ...{ type: 'message.sent', atMs: 1, messageId: 'm', kind: 'message', action: 'new_message', conversationId },
  ...{ stream: `c:${conversationId}`, seq, acceptedAtMs: 1, recipients: [], recipientCount: 0, counts: {} },
});

test('what happens on any node in a conversation that somebody looks at is reported once a quarter of a second', async () => {
  const { clock, heard, a, happens } = await twoNodes();
  const topic = a.watches.watch(demo, 'c1');
  await clock.advance(10);
  await happens(sent('c1'));
  await happens(sent('c1', 2));
  await happens(sent('c2'));
  await happens(sent('c1'), other);
  await clock.advance(249);
  expect(heard).toEqual([]);
  await clock.advance(1);
  expect(heard).toEqual([`${topic} log,progress`]);
  await happens({ type: 'participant.added', atMs: 1, conversationId: 'c1', userId: 'bob', role: 'member' });
  await clock.advance(250);
  expect(heard.slice(1)).toEqual([`${topic} people,progress`]);
});

test('how far somebody is says what is read anew, and is nothing to the list', async () => {
  const { clock, heard, a, happens } = await twoNodes();
  const topic = a.watches.watch(demo, 'c1');
  a.watches.watch(demo);
  await clock.advance(10);
  const range = { stream: 'c:c1', userId: 'bob', connectionId: 'x', from: 1, to: 2, visible: true, atMs: 1 };
  await happens({ type: 'message.acked', atMs: 1, acked: [{ ...range, stream: 'c:c2' }] });
  await clock.advance(1000);
  expect(heard).toEqual([]);
  await happens({ type: 'message.acked', atMs: 1, acked: [range] });
  await clock.advance(1000);
  expect(heard).toEqual([`${topic} progress`]);
});

test('the list is reported once a second, for any conversation of the app', async () => {
  const { clock, heard, a, happens } = await twoNodes();
  const topic = a.watches.watch(demo);
  await clock.advance(10);
  await happens(sent('c1'));
  await happens(sent('c9'));
  await clock.advance(1000);
  expect(heard).toEqual([`${topic} log,progress`]);
});

test('who has not looked for ten minutes hears nothing more, and then nothing is listened to', async () => {
  const { clock, heard, a, b, happens } = await twoNodes();
  a.watches.watch(demo, 'c1');
  await clock.advance(10);
  expect(b.facts.wants('message.read')).toBe(true);
  await clock.advance(600_001);
  await happens(sent('c1'));
  await clock.advance(1000);
  expect(heard).toEqual([]);
  expect(b.facts.wants('message.read')).toBe(false);
});

test('a topic is as short for the longest id, and another for another app', async () => {
  const { a } = await twoNodes();
  const long = 'x'.repeat(128);
  expect(a.watches.watch(asAppId('a'.repeat(64)), long).length).toBeLessThanOrEqual(128);
  expect(a.watches.watch(demo, long)).not.toBe(a.watches.watch(other, long));
});
