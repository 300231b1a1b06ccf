import type { ServerEvent } from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxHeld, StreamOrder, type Step } from './stream-order.ts';

const stream = 'c:c1';
const timestamp = '2026-01-01T00:00:00.000Z';

function message(seq: number, epoch = 'e1'): ServerEvent {
  return { action: 'new_message', conversationId: 'c1', stream, epoch, seq, timestamp, data: {} };
}

function range(action: 'skipped' | 'gap', from: number, to: number): ServerEvent {
  return { action, stream, timestamp, data: { from, to, reason: action === 'gap' ? 'too_old' : 'excluded_sender' } };
}

function build(): { order: StreamOrder; steps: Step[]; handed: () => string[] } {
  const steps: Step[] = [];
  return {
    order: new StreamOrder((step) => steps.push(step)),
    steps,
    handed: () => steps.flatMap(({ event }) => (event === undefined ? [] : [nameOf(event)])),
  };
}

function nameOf({ action, epoch, seq, data }: ServerEvent): string {
  return action === 'gap' ? `gap ${String(data['from'])}-${String(data['to'])}` : `${epoch}:${seq}`;
}

describe('one stream', () => {
  test('its first event is its first position, whatever its seq', () => {
    const { order, handed } = build();
    order.accept(message(7));
    order.accept(message(6));
    order.accept(message(8));
    expect(handed()).toEqual(['e1:7', 'e1:8']);
  });

  test('an early event is held until those before it have come', () => {
    const { order, handed } = build();
    for (const seq of [1, 4, 3]) order.accept(message(seq));
    expect(handed()).toEqual(['e1:1']);
    expect(order.holes()).toEqual([stream]);
    order.accept(message(2));
    expect(handed()).toEqual(['e1:1', 'e1:2', 'e1:3', 'e1:4']);
    expect(order.holes()).toEqual([]);
  });

  test('seqs that are not for us are passed over, in their place', () => {
    const { order, handed } = build();
    order.accept(message(1));
    order.accept(range('skipped', 3, 4));
    order.accept(message(5));
    expect(handed()).toEqual(['e1:1']);
    order.accept(message(2));
    expect(handed()).toEqual(['e1:1', 'e1:2', 'e1:5']);
    expect(order.position(stream)).toEqual({ stream, epoch: 'e1', seq: 5 });
  });

  test('an event that came although its range was said to be skipped is given nevertheless', () => {
    const { order, handed } = build();
    order.accept(message(1));
    order.accept(message(3));
    order.accept(range('skipped', 2, 4));
    order.accept(message(5));
    expect(handed()).toEqual(['e1:1', 'e1:3', 'e1:5']);
  });

  test('the answer to an own message is a position, before and after the first event', () => {
    const { order, handed } = build();
    order.own(stream, 3);
    expect(order.position(stream)).toBeUndefined();
    order.accept(message(2));
    order.accept(message(4));
    order.own(stream, 5);
    order.accept(message(5));
    order.accept(message(6));
    expect(handed()).toEqual(['e1:2', 'e1:4', 'e1:6']);
  });

  test('own messages in a stream of which nothing comes are not remembered without end', () => {
    const { order, handed } = build();
    for (let seq = 1; seq <= 5000; seq += 1) order.own('c:silent', seq);
    order.accept(message(1));
    for (let seq = 3; seq <= maxHeld - 50; seq += 1) order.accept(message(seq));
    order.accept(message(2));
    expect(handed()).toHaveLength(maxHeld - 50);
  });

  test('a stream known by own messages alone is asked for with an epoch that no log has', () => {
    const { order } = build();
    order.own(stream, 3);
    expect(order.positions()).toEqual([{ stream, epoch: 'unknown', seq: 0 }]);
  });

  test('another epoch is released as a gap, and a straggler of the old one is dropped', () => {
    const { order, handed } = build();
    order.accept(message(8));
    order.accept(message(2, 'e2'));
    order.accept(message(9));
    order.accept(message(3, 'e2'));
    expect(handed()).toEqual(['e1:8', 'gap 1-1', 'e2:2', 'e2:3']);
  });

  test('a gap of the log is released once, in its place, and the events after it follow', () => {
    const { order, handed } = build();
    order.accept(message(1));
    order.resumed({ stream, epoch: 'e1', gap: { from: 2, to: 9, reason: 'too_old' } }, timestamp);
    order.resumed({ stream, epoch: 'e1', gap: { from: 2, to: 9, reason: 'too_old' } }, timestamp);
    order.accept(message(10));
    expect(handed()).toEqual(['e1:1', 'gap 2-9', 'e1:10']);
  });

  test('a log that was replaced is gone on with after its gap, even when it is shorter', () => {
    const { order, handed } = build();
    order.accept(message(40));
    order.resumed({ stream, epoch: 'e2', gap: { from: 1, to: 3, reason: 'unknown_epoch' } }, timestamp);
    order.accept(message(4, 'e2'));
    expect(handed()).toEqual(['e1:40', 'gap 1-3', 'e2:4']);
  });

  test('a stream that may not be read any more is released as a gap, and not asked for again', () => {
    const { order, handed } = build();
    order.accept(message(4));
    order.resumed({ stream, gap: { from: 1, to: 0, reason: 'unknown_epoch' } }, timestamp);
    expect(handed()).toEqual(['e1:4', 'gap 1-0']);
    expect(order.positions()).toEqual([]);
  });

  test('events that were read from history are not released again', () => {
    const { order, handed } = build();
    order.skipTo({ stream, epoch: 'e1', seq: 5 });
    for (const seq of [5, 6, 9]) order.accept(message(seq));
    order.skipTo({ stream, epoch: 'e1', seq: 8 });
    order.skipTo({ stream, epoch: 'e1', seq: 3 });
    expect(handed()).toEqual(['e1:6', 'e1:9']);
  });

  test('held events have a bound: beyond it the stream is to be asked for again', () => {
    const { order, handed } = build();
    order.accept(message(1));
    for (let seq = 3; seq < maxHeld + 3; seq += 1) expect(order.accept(message(seq))).toBe('held');
    expect(order.accept(message(maxHeld + 3))).toBe('overflow');
    for (let seq = 2; seq <= 4; seq += 1) order.accept(message(seq));
    expect(handed()).toEqual(['e1:1', 'e1:2', 'e1:3', 'e1:4']);
  });

  test('a hole that nothing fills is released as a gap', () => {
    const { order, handed } = build();
    for (const seq of [1, 4, 5]) order.accept(message(seq));
    order.giveUp(stream, timestamp);
    expect(handed()).toEqual(['e1:1', 'gap 2-3', 'e1:4', 'e1:5']);
  });
});

// All that a server may send of one stream: each seq of a log is an event, not for this client, or its own
// message.
type Kind = 'event' | 'skipped' | 'own';
const logArbitrary = fc.array(fc.constantFrom<Kind>('event', 'event', 'event', 'skipped', 'own'), {
  minLength: 1,
  maxLength: 40,
});

/** The log's frames, some lost, some twice, out of order; then all of them in order, as after a `sync`. */
const storyArbitrary = logArbitrary.chain((log) =>
  fc.record({
    log: fc.constant(log),
    noise: fc.array(fc.nat({ max: log.length - 1 }), { maxLength: 120 }),
    merged: fc.boolean(),
  }),
);

test('whatever is lost, doubled or comes early, each event is given once and in order', () => {
  fc.assert(
    fc.property(storyArbitrary, ({ log, noise, merged }) => {
      const { order, handed } = build();
      order.restore({ stream, epoch: 'e1', seq: 0 });
      for (const index of noise) feed(order, log, index);
      // The server reads its log from where we are.
      const from = order.position(stream)?.seq ?? 0;
      for (let index = from; index < log.length; index += 1) feed(order, log, index, merged);
      // Own messages that come as events are delivered so, unless their answer was there before.
      const wanted = log.flatMap((kind, index) => (kind === 'event' ? [`e1:${index + 1}`] : []));
      expect(handed()).toEqual(wanted);
      expect(order.position(stream)?.seq).toBe(log.length);
      expect(order.holes()).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('through replaced logs and gaps, released events never go back, and missing ones are covered by gaps', () => {
  const frameArbitrary = fc.oneof(
    { weight: 8, arbitrary: fc.record({ seq: fc.integer({ min: 1, max: 12 }), epoch: fc.nat({ max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ gapTo: fc.integer({ min: 1, max: 12 }) }) },
  );
  fc.assert(
    fc.property(fc.array(frameArbitrary, { maxLength: 80 }), (frames) => {
      const { order, steps } = build();
      let life = 0;
      for (const frame of frames) {
        if ('gapTo' in frame) {
          order.accept(range('gap', (order.position(stream)?.seq ?? 0) + 1, frame.gapTo));
        } else {
          // Logs are replaced one after the other; frames of an earlier one may straggle.
          life = Math.max(life, Math.min(frame.epoch, life + 1));
          order.accept(message(frame.seq, `e${Math.min(frame.epoch, life)}`));
        }
      }
      let at: { epoch: string; seq: number } | undefined;
      let gapTo: number | undefined;
      const lives: string[] = [];
      for (const { event } of steps) {
        if (event === undefined) continue;
        if (event.action === 'gap') {
          gapTo = Number(event.data['to']);
          continue;
        }
        const { epoch = '', seq = 0 } = event;
        if (at?.epoch !== epoch) {
          expect(lives).not.toContain(epoch);
          lives.push(epoch);
          if (at !== undefined) expect(gapTo).toBe(seq - 1);
        } else {
          expect(seq === at.seq + 1 || seq - 1 === gapTo || seq <= (gapTo ?? 0)).toBe(true);
          expect(seq).toBeGreaterThan(at.seq);
        }
        at = { epoch, seq };
      }
    }),
    { numRuns: 500 },
  );
});

function feed(order: StreamOrder, log: readonly Kind[], index: number, merged = false): void {
  const seq = index + 1;
  const kind = log[index];
  if (kind === 'event') order.accept(message(seq));
  else if (kind === 'own') order.own(stream, seq);
  else {
    // As the server says it: ranges that touch may be one event.
    let to = seq;
    if (merged) while (log[to] === 'skipped') to += 1;
    order.accept(range('skipped', seq, to));
  }
}
