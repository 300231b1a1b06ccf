import type { ServerEvent } from '@belfry/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';
import type { Accepted } from '../test/support/scripted-socket.ts';
import {
  createVirtualSurroundings,
  samplePolicy,
  type VirtualSurroundings,
} from '../test/support/virtual-surroundings.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

interface Hearing extends StartedBelfry {
  events: ServerEvent[];
  seqs: () => unknown[];
}

async function connect(accepted: Accepted & { virtual?: VirtualSurroundings } = {}): Promise<Hearing> {
  const started = await connectBelfry({}, accepted);
  running.push(started.belfry);
  const events: ServerEvent[] = [];
  started.belfry.on('*', (event) => events.push(event));
  const seqs = (): unknown[] => events.map(({ seq, action, data }) => seq ?? `${action} ${String(data['to'])}`);
  return { ...started, events, seqs };
}

/** Lost, and connected anew. */
async function reconnect({ virtual }: StartedBelfry, accepted?: Accepted): Promise<void> {
  virtual.socket().drop();
  await virtual.clock.advance(2000);
  virtual.socket().accept(accepted);
}

describe('acknowledging', () => {
  test('goes out once in 150 ms, for all streams, with the newest seq of each and whether somebody looks', async () => {
    const { virtual } = await connect();
    virtual.socket().message(1).message(2).message(7, { conversationId: 'c2' });
    await virtual.clock.advance(149);
    expect(virtual.socket().frames('ack')).toEqual([]);
    virtual.setVisible(false);
    await virtual.clock.advance(1);
    expect(virtual.socket().frames('ack')).toEqual([
      {
        action: 'ack',
        data: {
          cursors: [
            { stream: 'c:c1', seq: 2 },
            { stream: 'c:c2', seq: 7 },
          ],
          visible: false,
          attended: false,
          policyVersion: 1,
        },
      },
    ]);
  });

  test('says of a page in sight at which nobody sits that it is seen, and not attended', async () => {
    const { virtual } = await connect();
    await virtual.clock.advance(60_000);
    virtual.socket().message(1);
    await virtual.clock.advance(150);
    expect(virtual.socket().frame('ack').data).toMatchObject({ visible: true, attended: false });
  });

  test('gathers longer while much comes, as long as the server allows, and is quick again afterwards', async () => {
    const { virtual } = await connect({ ackWithinMs: 400 });
    const ackCounts: number[] = [];
    let seq = 0;
    const run = async (ms: number, everyMs: number): Promise<void> => {
      for (let at = 0; at < ms; at += everyMs) {
        virtual.socket().message((seq += 1));
        await virtual.clock.advance(everyMs);
      }
      ackCounts.push(virtual.socket().frames('ack').length);
    };
    await run(150, 50);
    await run(300, 50);
    await run(400, 50);
    await run(400, 50);
    expect(ackCounts).toEqual([1, 2, 3, 4]);
    await run(400, 400);
    await run(150, 150);
    expect(ackCounts.slice(4)).toEqual([5, 6]);
  });

  test('gathers no longer than ever when the server says nothing of it', async () => {
    const { virtual } = await connect();
    for (let seq = 1; seq <= 12; seq += 1) {
      virtual.socket().message(seq);
      await virtual.clock.advance(50);
    }
    expect(virtual.socket().frames('ack')).toHaveLength(4);
  });

  test('does not name events that are held', async () => {
    const { virtual } = await connect();
    virtual.socket().message(1).message(3);
    await virtual.clock.advance(1000);
    expect(virtual.socket().frame('ack').data).toMatchObject({ cursors: [{ stream: 'c:c1', seq: 1 }] });
  });

  test('an acknowledgement that may have been lost with its connection is said again', async () => {
    const started = await connect();
    started.virtual.socket().message(1);
    await started.virtual.clock.advance(150);
    await reconnect(started);
    await started.virtual.clock.advance(150);
    expect(started.virtual.socket().frame('ack').data).toMatchObject({ cursors: [{ stream: 'c:c1', seq: 1 }] });
  });

  test('the cursors behind one that the server refuses are said again', async () => {
    const { virtual } = await connect();
    virtual.socket().message(1).message(1, { conversationId: 'c2' });
    await virtual.clock.advance(150);
    virtual.socket().say({ ok: false, error: { code: 'not_found', message: '', path: ['cursors', 0, 'stream'] } });
    await virtual.clock.advance(150);
    expect(virtual.socket().frame('ack').data).toMatchObject({ cursors: [{ stream: 'c:c2', seq: 1 }] });
  });

  test('a visitor, who may not acknowledge, does not', async () => {
    const virtual = createVirtualSurroundings({ page: '/public' });
    const page = samplePolicy({ pattern: '/public', requireAuth: false });
    const started = await connectBelfry({ getToken: () => null }, { virtual, userId: 'visitor:1', page });
    running.push(started.belfry);
    virtual.socket().message(1);
    await virtual.clock.advance(1000);
    expect(virtual.socket().frames('ack')).toEqual([]);
  });
});

describe('holes', () => {
  test('a hole that stays is asked for after some seconds, from where we are', async () => {
    const { virtual, seqs } = await connect();
    virtual.socket().message(1).message(3);
    await virtual.clock.advance(2999);
    expect(virtual.socket().frames('sync')).toEqual([]);
    await virtual.clock.advance(1);
    expect(virtual.socket().frame('sync').data).toEqual({ streams: [{ stream: 'c:c1', epoch: 'e1', seq: 1 }] });
    virtual
      .socket()
      .answer('sync', { resumed: [{ stream: 'c:c1', epoch: 'e1', from: 2, to: 3 }] })
      .message(2)
      .message(3);
    expect(seqs()).toEqual([1, 2, 3]);
    await virtual.clock.advance(60_000);
    expect(virtual.socket().frames('sync')).toHaveLength(1);
  });

  test('a hole that closes by itself is not asked for', async () => {
    const { virtual } = await connect();
    virtual.socket().message(1).message(3).message(2);
    await virtual.clock.advance(10_000);
    expect(virtual.socket().frames('sync')).toEqual([]);
  });

  test('a log that does not reach back is delivered as a gap, and shown by the syncSignal', async () => {
    const { belfry, virtual, seqs } = await connect();
    virtual.socket().message(1).message(9);
    await virtual.clock.advance(3000);
    const gap = { from: 2, to: 8, reason: 'too_old' };
    virtual.socket().answer('sync', { resumed: [{ stream: 'c:c1', epoch: 'e1', gap }] });
    await virtual.clock.advance(0);
    expect(seqs()).toEqual([1, 'gap 8', 9]);
    expect(belfry.snapshot().syncSignal).toBe(2);
  });

  test('a hole that nothing fills is delivered as a gap in the end', async () => {
    const { virtual, seqs } = await connect();
    virtual.socket().message(1).message(3);
    for (let asked = 0; asked < 6; asked += 1) {
      await virtual.clock.advance(3000 * 2 ** asked);
      if (virtual.socket().frames('sync').length > asked)
        virtual.socket().answer('sync', { resumed: [{ stream: 'c:c1', epoch: 'e1', from: 2, to: 3 }] });
    }
    expect(seqs()).toEqual([1, 'gap 2', 3]);
    expect(virtual.socket().frames('sync')).toHaveLength(5);
  });

  test('an answer to an own message that comes early is a hole as well', async () => {
    const { belfry, virtual, seqs } = await connect();
    virtual.socket().message(1);
    void belfry.command('message', { conversationId: 'c1', cid: 'a', type: 'text', content: {} });
    virtual.socket().answer('message', { messageId: 'm', seq: 3, duplicate: false, timestamp: '' });
    await virtual.clock.advance(3000);
    expect(virtual.socket().frames('sync')).toHaveLength(1);
    virtual.socket().message(2).message(4);
    expect(seqs()).toEqual([1, 2, 4]);
  });
});

describe('resuming', () => {
  test('names every stream with a position, the one that moved last first, and drops events that come twice', async () => {
    const started = await connect();
    started.virtual.socket().message(4).message(2, { conversationId: 'c2' }).message(5);
    await reconnect(started);
    expect(started.virtual.socket().frame('connect').data['resume']).toEqual([
      { stream: 'i:alice', epoch: 'unknown', seq: 0 },
      { stream: 'c:c1', epoch: 'e1', seq: 5 },
      { stream: 'c:c2', epoch: 'e1', seq: 2 },
    ]);
    started.virtual.socket().message(5).message(6);
    expect(started.seqs()).toEqual([4, 2, 5, 6]);
  });

  test('a gap in the answer is delivered before the events after it', async () => {
    const started = await connect();
    started.virtual.socket().message(4);
    const gap = { from: 1, to: 2, reason: 'unknown_epoch' };
    await reconnect(started, { resumed: [{ stream: 'c:c1', epoch: 'e2', gap }] });
    started.virtual.socket().message(3, { epoch: 'e2' });
    expect(started.seqs()).toEqual([4, 'gap 2', 3]);
    expect(started.events[1]).toMatchObject({ conversationId: 'c1', stream: 'c:c1', data: gap });
    expect(started.belfry.snapshot().syncSignal).toBe(3);
  });

  test('more streams than a frame holds are asked for by sync, at once', async () => {
    const started = await connect();
    for (let count = 0; count < 1500; count += 1)
      started.virtual.socket().message(1, { conversationId: `conversation-${count}` });
    await reconnect(started);
    const resume = started.virtual.socket().frame('connect').data['resume'] as unknown[];
    const synced = started.virtual
      .socket()
      .frames('sync')
      .flatMap(({ data }) => data['streams'] as unknown[]);
    expect(resume.length).toBeLessThanOrEqual(1000);
    expect(JSON.stringify(resume).length).toBeLessThan(64 * 1024);
    expect(resume.length + synced.length).toBe(1501);
  });

  test('the inbox is followed from the first visit on, silently, and goes on from there at the next', async () => {
    const stored = new Map<string, string>();
    const gap = { from: 1, to: 7, reason: 'unknown_epoch' };
    const first = await connect({
      virtual: createVirtualSurroundings({ stored }),
      resumed: [{ stream: 'i:alice', epoch: 'e1', gap }],
    });
    expect(first.events).toEqual([]);
    const direct = { action: 'direct_message', stream: 'i:alice', epoch: 'e1' };
    const second = createVirtualSurroundings({ stored });
    const next = await connect({ virtual: second });
    expect(second.socket().frame('connect').data['resume']).toEqual([{ stream: 'i:alice', epoch: 'e1', seq: 7 }]);
    second.socket().event({ ...direct, seq: 8 });
    expect(next.seqs()).toEqual([8]);
    const third = createVirtualSurroundings({ stored });
    await connect({ virtual: third });
    expect(third.socket().frame('connect').data['resume']).toEqual([{ stream: 'i:alice', epoch: 'e1', seq: 8 }]);
  });

  test('a position recorded from history counts', async () => {
    const { belfry, virtual, seqs } = await connect();
    belfry.notePosition({ stream: 'c:c1', epoch: 'e1', seq: 10 });
    virtual.socket().message(10).message(11);
    expect(seqs()).toEqual([11]);
  });
});

test('a handler that signs out is the last one to be given something of that user', async () => {
  const { belfry, virtual, seqs } = await connect();
  virtual.socket().message(1).message(3).message(4);
  belfry.on('new_message', ({ seq }) => {
    if (seq === 2) belfry.signedOut();
  });
  virtual.socket().message(2);
  expect(seqs()).toEqual([1, 2]);
});

test('a handler that moves the position on while it is given an event does not make another one see things out of order', async () => {
  const { belfry, virtual, seqs } = await connect();
  virtual.socket().message(1).message(3);
  const seen: unknown[] = [];
  belfry.on('new_message', ({ seq }) => {
    if (seq === 2) belfry.notePosition({ stream: 'c:c1', epoch: 'e1', seq: 2 });
  });
  belfry.on('new_message', ({ seq }) => seen.push(seq));
  virtual.socket().message(2);
  expect(seen).toEqual([2, 3]);
  expect(seqs()).toEqual([1, 2, 3]);
});
