import { beforeEach, describe, expect, test } from 'vitest';
import { createTestMessaging, type TestNode, type TestSession } from '../../test/support/messaging.ts';
import { encode } from '../sessions/encoded.ts';
import { stateOf } from './session-state.ts';

const stream = 'c:c1';
let node: TestNode;
let session: TestSession;
let taken = 0;

beforeEach(async () => {
  node = createTestMessaging({ behindBytes: 300 }).node('n1');
  session = await node.connect('bob');
  taken = 0;
  node.writer.onBehind(() => (taken += 1));
});

const live = (seq: number, epoch = 'e1') => {
  const timestamp = '2026-01-01T00:00:00.000Z';
  const event = { action: 'new_message', stream, epoch, seq, timestamp, data: {} };
  return node.writer.live(session, { stream, epoch, seq, encoded: () => encode(event) });
};
const skip = (seq: number) => node.writer.skip(session, { stream, epoch: 'e1', seq }, 'feature_off_on_page');
const own = (seq: number) => node.writer.own(session, { stream, epoch: 'e1', seq });
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
    expect(taken).toBe(1);
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
  test('is told as one range before the next event that is', () => {
    live(1);
    skip(2);
    skip(3);
    expect(told()).toEqual([1]);
    live(4);
    expect(told()).toEqual([1, '2-3', 4]);
  });

  test('is told before the answer to its own message', () => {
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

  test('and was noted before the session fell behind is told by the log', () => {
    skip(1);
    skip(2);
    session.outlet.stall();
    for (let turn = 0; turn < 3; turn += 1) session.outlet.send(encode(big));
    expect(live(3)).toBe('slow_consumer');
    expect(stateOf(session).catchUps?.get(stream)).toMatchObject({ after: 0, newest: 3, cause: 'behind' });
    expect(live(4)).toBe('slow_consumer');
    session.outlet.drain();
    expect(taken).toBe(1);
  });
});

const big = { action: 'goaway', timestamp: '2026-01-01T00:00:00.000Z', data: { text: 'x'.repeat(150) } };

test('a session that has closed is sent nothing', () => {
  session.closed = true;
  expect([live(1), node.writer.judge(session, stream)]).toEqual(['slow_consumer', 'slow_consumer']);
  own(2);
  skip(3);
  expect(session.outlet.events).toEqual([]);
});

test('a slow one loses what is kept nowhere', () => {
  session.outlet.stall();
  for (let turn = 0; turn < 3; turn += 1) session.outlet.send(encode(big));
  session.outlet.clear();
  expect(node.writer.live(session, { encoded: () => encode(big) })).toBe('slow_consumer');
  expect(session.outlet.events).toEqual([]);
});
