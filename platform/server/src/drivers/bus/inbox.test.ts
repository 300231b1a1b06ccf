// The treatment of messages from nodes that run another version, and of broken ones.

import { expect, test } from 'vitest';
import { newApp } from '../../../test/support/samples.ts';
import { encodeBusMessage, type BusMessage } from '../../ports/bus-messages.ts';
import { RecordedLog, RecordedMetrics } from '../../sessions/test/sessions.fixture.ts';
import { Inbox } from './inbox.ts';

const app = newApp();
const sample: BusMessage = { type: 'signed_out', app, userId: 'alice', at: 5 };

function setUp() {
  const [log, metrics] = [new RecordedLog(), new RecordedMetrics()];
  const inbox = new Inbox({ log, metrics });
  const heard: unknown[] = [];
  inbox.on('signed_out', (message) => heard.push(message));
  return { inbox, heard, ignored: (why: string) => metrics.value('bus_messages_ignored_total', [why]) };
}
const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(encodeBusMessage(sample)) as object), ...change });

test('a message comes out as it went in', () => {
  const { inbox, heard } = setUp();
  inbox.receive(encodeBusMessage(sample));
  expect(heard).toMatchObject([sample]);
});

test('a message of a newer version is ignored and counted', () => {
  const { inbox, heard, ignored } = setUp();
  inbox.receive(changed({ v: 2 }));
  expect([heard, ignored('newer_version')]).toEqual([[], 1]);
});

test('a message of a type that this version does not know is ignored and counted', () => {
  const { inbox, heard, ignored } = setUp();
  inbox.receive(changed({ type: 'of_tomorrow' }));
  inbox.receive(changed({ type: 'toString' }));
  expect([heard, ignored('unknown_type')]).toEqual([[], 2]);
});

test('a new field beside the known ones does no harm', () => {
  const { inbox, heard } = setUp();
  inbox.receive(changed({ reason: 'asked' }));
  expect(heard).toHaveLength(1);
});

test.each([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no version', changed({ v: undefined })],
  ['a field that is missing', changed({ userId: undefined })],
  ['a field of another type', changed({ at: 'now' })],
])('%s is ignored and counted', (_, text) => {
  const { inbox, heard, ignored } = setUp();
  inbox.receive(text);
  expect([heard, ignored('malformed')]).toEqual([[], 1]);
});

test.each([
  { deliveries: [{ event: { action: 'x', data: {} }, rule: { action: 'x' }, to: {}, sender: 'like_anybody' }] },
  { deliveries: [{ rule: { action: 'x' }, to: { everyone: true }, sender: 'like_anybody' }] },
  { deliveries: 'none' },
])('a delivery that cannot be placed is not handled: %j', (body) => {
  const { inbox, ignored } = setUp();
  inbox.receive(JSON.stringify({ v: 1, type: 'deliveries', ...body }), app);
  expect(ignored('malformed')).toBe(1);
});
