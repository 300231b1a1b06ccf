import { beforeEach, describe, expect, test } from 'vitest';
import { createTestMessaging, type TestNode, type TestSession } from '../../test/support/messaging.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { OutgoingEvent } from './outgoing-event.ts';
import { stateOf } from './session-state.ts';
import { SessionWriter } from './session-writer.ts';
import { SkippedRanges } from './skipped-ranges.ts';

const stream = 'c:c1';
const behindBytes = 300;
let node: TestNode;
let session: TestSession;
let writer: SessionWriter;
/** How often the log was asked to go on. */
let resumed = 0;

beforeEach(async () => {
  const { clock, node: makeNode } = createTestMessaging({ behindBytes });
  node = makeNode('n1');
  session = await node.connect('bob');
  resumed = 0;
  const resume = () => void (resumed += 1);
  const catchUps = { resume, watchDrain: ({ outlet }: Session) => outlet.onDrain(resume) };
  writer = new SessionWriter({ catchUps, skipped: new SkippedRanges(clock), metrics: node.metrics, behindBytes });
});

const live = (seq: number, epoch = 'e1') => {
  const timestamp = '2026-01-01T00:00:00.000Z';
  const event = { action: 'new_message', stream, epoch, seq, timestamp, data: {} };
  return writer.send(session, new OutgoingEvent(event, node.metrics));
};
const skip = (seq: number) => writer.skip(session, { stream, epoch: 'e1', seq }, 'feature_off_on_page');
const own = (seq: number) => writer.own(session, { stream, epoch: 'e1', seq });
const floorAt = (seq: number) => (stateOf(session).floors = new Map([[stream, { epoch: 'e1', seq }]]));
const told = () => session.outlet.told(stream);

describe('above what the log brought', () => {
  test('the next event is sent, and those below are not sent again', () => {
    floorAt(3);
    expect([live(2), live(3), live(4), live(5)]).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(told()).toEqual([4, 5]);
  });

  test.each([
    ['an event', () => live(6)],
    ['one that is not for the session', () => skip(6)],
    ['one of its own', () => own(6)],
  ])('%s after a missing one is left to the log, which has both', (_name, tell) => {
    floorAt(4);
    tell();
    expect(told()).toEqual([]);
    expect(stateOf(session).catchUps?.get(stream)).toMatchObject({ after: 4, newest: 6, isStarted: true });
    expect(resumed).toBe(1);
  });

  test('the session’s own message is the next, which it has', () => {
    floorAt(3);
    own(4);
    live(5);
    expect(told()).toEqual([5]);
  });

  test('events of another log begin where they begin', () => {
    floorAt(9);
    expect(live(1, 'e2')).toBe('sent');
    expect(told()).toEqual([1]);
  });
});

describe('what is not for the session', () => {
  test('is named as one range before the next event that is', () => {
    live(1);
    skip(2);
    skip(3);
    expect(told()).toEqual([1]);
    live(4);
    expect(told()).toEqual([1, '2-3', 4]);
  });

  test('is named before the answer to its own message', () => {
    skip(1);
    own(2);
    expect(told()).toEqual(['1-1']);
  });

  test('never covers a hole', () => {
    skip(1);
    skip(4);
    skip(3);
    live(5);
    expect(told()).toEqual(['1-1', '4-4', 5]);
  });

  test('and was recorded before the session fell behind is left to the log', () => {
    skip(1);
    skip(2);
    session.outlet.stall();
    for (let turn = 0; turn < 3; turn += 1) session.outlet.send(encode(big));
    expect(live(3)).toBe('slow_consumer');
    expect(stateOf(session).catchUps?.get(stream)).toMatchObject({ after: 0, newest: 3, cause: 'behind' });
    expect(live(4)).toBe('slow_consumer');
    session.outlet.drain();
    expect(resumed).toBe(1);
  });
});

const big = { action: 'goaway', timestamp: '2026-01-01T00:00:00.000Z', data: { text: 'x'.repeat(150) } };

test('a session that has closed is sent nothing', () => {
  session.closed = true;
  expect([live(1), writer.check(session, stream)]).toEqual(['slow_consumer', 'slow_consumer']);
  own(2);
  skip(3);
  expect(session.outlet.events).toEqual([]);
});

test('a slow one loses what is kept nowhere', () => {
  session.outlet.stall();
  for (let turn = 0; turn < 3; turn += 1) session.outlet.send(encode(big));
  session.outlet.clear();
  expect(writer.send(session, new OutgoingEvent(big, node.metrics))).toBe('slow_consumer');
  expect(session.outlet.events).toEqual([]);
});
