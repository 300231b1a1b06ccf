// How acknowledgements are gathered, what they count as, and that none is lost while the store is away.
import { describe, expect, it } from 'vitest';
import type { AppId } from '../ports/app-id.ts';
import type { CursorAdvance } from '../ports/stores/cursors.ts';
import type { AckedRange } from '../ports/message-facts.ts';
import { Acks } from './acks.ts';
import { createVirtualClock, settled } from '../../test/support/virtual-clock.ts';
import { makeSession, RecordedLog } from './test/sessions.fixture.ts';

function setUp() {
  const clock = createVirtualClock();
  const log = new RecordedLog();
  const calls: CursorAdvance[][] = [];
  const acked: AckedRange[] = [];
  const store = {
    isAway: false,
    held: undefined as Promise<undefined> | undefined,
    async advance(_app: AppId, changes: readonly CursorAdvance[]): Promise<void> {
      calls.push([...changes]);
      await store.held;
      if (store.isAway) throw new Error('away');
    },
  };
  const acks = new Acks({ cursors: store, surroundings: { clock, log } });
  acks.onAcked((_app, ranges) => acked.push(...ranges));
  return { clock, log, store, calls, acked, acks };
}

const mobile = { id: 'p', type: 'mobile' as const };

describe('acks', () => {
  it('stores what connections acknowledged within 200 ms in one call, the highest of each user and stream', async () => {
    const { acks, clock, calls } = setUp();
    const alice = makeSession('alice');
    acks.record(alice, 'c:1', 1);
    acks.record(alice, 'c:1', 4);
    acks.record(makeSession('alice', { visible: false }), 'c:1', 3);
    acks.record(makeSession('bob'), 'c:1', 2);
    await clock.advance(199);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual([
      [
        { userId: 'alice', stream: 'c:1', delivered: 4, seen: 4 },
        { userId: 'bob', stream: 'c:1', delivered: 2, seen: 2 },
      ],
    ]);
  });

  it('counts a visible connection that nobody attends as delivered only, unless the app says that visible is enough', async () => {
    const { acks, calls, acked } = setUp();
    const unattended = { visible: true, attended: false };
    acks.record(makeSession('alice', unattended), 'c:1', 1);
    acks.record(makeSession('bob', { ...unattended, deliveredMeans: 'visible' }), 'c:1', 1);
    acks.record(makeSession('carl', { ...unattended, device: mobile }), 'c:1', 1);
    await acks.flush();
    expect(calls).toEqual([
      [
        { userId: 'alice', stream: 'c:1', delivered: 1 },
        { userId: 'bob', stream: 'c:1', delivered: 1, seen: 1 },
        { userId: 'carl', stream: 'c:1', delivered: 1, seen: 1, seenMobile: 1 },
      ],
    ]);
    expect(acked.map(({ userId, visible }) => [userId, visible])).toEqual([
      ['alice', false],
      ['bob', true],
      ['carl', true],
    ]);
  });

  it('counts a hidden connection as delivered only, a mobile one as seen in any case', async () => {
    const { acks, calls } = setUp();
    acks.record(makeSession('alice', { visible: false }), 'c:1', 1);
    acks.record(makeSession('bob', { visible: false, device: mobile }), 'c:1', 1);
    await acks.flush();
    expect(calls).toEqual([
      [
        { userId: 'alice', stream: 'c:1', delivered: 1 },
        { userId: 'bob', stream: 'c:1', delivered: 1, seen: 1, seenMobile: 1 },
      ],
    ]);
  });

  it('takes the same seq again once the connection has become visible', async () => {
    const { acks, calls, acked } = setUp();
    const alice = makeSession('alice', { visible: false });
    acks.record(alice, 'c:1', 3);
    await acks.flush();
    Object.assign(alice, { visible: true, attended: true });
    acks.record(alice, 'c:1', 3);
    await acks.flush();
    expect(calls[1]).toEqual([{ userId: 'alice', stream: 'c:1', delivered: 3, seen: 3 }]);
    expect(acked.map(({ from, to, visible }) => [from, to, visible])).toEqual([
      [1, 3, false],
      [1, 3, true],
    ]);
  });

  it('ignores what is not above what the connection acknowledged before', async () => {
    const { acks, calls } = setUp();
    const alice = makeSession('alice');
    acks.record(alice, 'c:1', 5);
    await acks.flush();
    acks.record(alice, 'c:1', 5);
    acks.record(alice, 'c:1', 2);
    await acks.flush();
    expect(calls).toHaveLength(1);
  });

  it('reports each connection with its own range, without holes between flushes', async () => {
    const { acks, acked } = setUp();
    const one = makeSession('alice');
    const two = makeSession('alice');
    acks.record(one, 'c:1', 2);
    await acks.flush();
    acks.record(one, 'c:1', 3);
    acks.record(two, 'c:1', 3);
    acks.record(one, 'c:1', 5);
    await acks.flush();
    expect(acked.map(({ connectionId, from, to }) => [connectionId === one.id ? 1 : 2, from, to])).toEqual([
      [1, 1, 2],
      [1, 3, 5],
      [2, 1, 3],
    ]);
  });

  it('flush resolves only when all that was recorded before it is stored, also when a write runs already', async () => {
    const { acks, store, calls } = setUp();
    const alice = makeSession('alice');
    const held = Promise.withResolvers<undefined>();
    store.held = held.promise;
    acks.record(alice, 'c:1', 1);
    const first = acks.flush();
    acks.record(alice, 'c:1', 2);
    let isDone = false;
    const second = acks.flush().then(() => (isDone = true));
    const third = acks.flush();
    await settled();
    expect([calls.length, isDone]).toEqual([1, false]);
    held.resolve(undefined);
    await Promise.all([first, second, third]);
    expect(calls).toEqual([
      [{ userId: 'alice', stream: 'c:1', delivered: 1, seen: 1 }],
      [{ userId: 'alice', stream: 'c:1', delivered: 2, seen: 2 }],
    ]);
  });

  it('keeps acknowledgements while the store is away, says so once, and stores them merged when it is back', async () => {
    const { acks, clock, store, calls, acked, log } = setUp();
    const alice = makeSession('alice');
    store.isAway = true;
    acks.record(alice, 'c:1', 1);
    await expect(acks.flush()).rejects.toThrow('away');
    acks.record(alice, 'c:1', 2);
    await clock.advance(600);
    expect(acked).toEqual([]);
    store.isAway = false;
    await clock.advance(200);
    expect(calls.at(-1)).toEqual([{ userId: 'alice', stream: 'c:1', delivered: 2, seen: 2 }]);
    expect(acked.map(({ from, to }) => [from, to])).toEqual([[1, 2]]);
    expect(log.of('warn')).toEqual(['acknowledgements wait for the store']);
    expect(log.of('info')).toEqual(['acknowledgements are stored again']);
    expect(clock.pending()).toBe(0);
  });

  it('tries some times at its stop, and says when the store did not take what is left', async () => {
    const { acks, calls, clock, store } = setUp();
    store.isAway = true;
    acks.record(makeSession('alice'), 'c:1', 1);
    const stopped = acks.stop();
    await clock.advance(1200);
    store.isAway = false;
    await clock.advance(500);
    await stopped;
    expect(calls.at(-1)).toMatchObject([{ userId: 'alice', delivered: 1 }]);

    const other = setUp();
    other.store.isAway = true;
    other.acks.record(makeSession('alice'), 'c:1', 1);
    const refused = expect(other.acks.stop()).rejects.toThrow('away');
    await other.clock.advance(10_000);
    await refused;
    expect(other.clock.pending()).toBe(0);
  });

  it('stores what is left when it stops', async () => {
    const { acks, calls, clock } = setUp();
    acks.record(makeSession('alice'), 'c:1', 1);
    await acks.stop();
    expect(calls).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});
