// The device's time of day is set while a page is open: no duration notices. And which files may ask for it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connectBelfry, startBelfry, type StartedBelfry } from './support/started-belfry.ts';
import { createVirtualSurroundings, sampleToken } from './support/virtual-surroundings.ts';

const hour = 3_600_000;
const jumps = [-100 * 24 * hour, -hour, hour, 100 * 24 * hour];
const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

async function connected(...given: Parameters<typeof connectBelfry>): Promise<StartedBelfry> {
  const started = await connectBelfry(...given);
  running.push(started.belfry);
  return started;
}

test.each(jumps)('a dead connection is noticed after 5 s, the clock set by %i ms', async (jump) => {
  const { belfry, virtual } = await connected({}, { heartbeatIntervalMs: 60_000 });
  virtual.socket().answersHeartbeats = false;
  await virtual.clock.advance(60_000);
  virtual.clock.jump(jump);
  await virtual.clock.advance(4999);
  expect(belfry.snapshot().status).toBe('connected');
  await virtual.clock.advance(1);
  expect(belfry.snapshot().status).toBe('reconnecting');
});

test.each(jumps)('a living connection is kept, the clock set by %i ms between heartbeat and check', async (jump) => {
  const { belfry, virtual } = await connected({}, { heartbeatIntervalMs: 60_000 });
  await virtual.clock.advance(60_000);
  virtual.clock.jump(jump);
  await virtual.clock.advance(30_000);
  expect(belfry.snapshot().status).toBe('connected');
});

test.each(jumps)('a token is used until it is near its end, the clock set by %i ms', async (jump) => {
  const virtual = createVirtualSurroundings();
  let asked = 0;
  const getToken = (): string => {
    asked += 1;
    return sampleToken({ sub: 'alice', exp: (virtual.clock.now() + hour) / 1000 });
  };
  virtual.answerHttp = () => Response.json({});
  const { belfry } = await connected({ getToken }, { virtual });
  virtual.clock.jump(jump);
  await belfry.http('/preferences');
  expect(asked).toBe(1);
  await virtual.clock.advance(hour - 90_000);
  expect(asked).toBe(2);
});

test.each(jumps)(
  'a conversation that has to wait goes on after what the server said, the clock set by %i ms',
  async (jump) => {
    const { belfry, virtual } = await connected();
    await belfry.outbox.cancel('none');
    belfry.send({ conversationId: 'c1', type: 'text', content: { text: 'x' }, cid: 'a-1' });
    await virtual.clock.advance(0);
    virtual.socket().refuse('message', { code: 'rate_limited', retry: 'after', afterMs: 800 });
    await virtual.clock.advance(0);
    virtual.clock.jump(jump > 0 ? Math.min(jump, hour) : jump);
    await virtual.clock.advance(799);
    expect(virtual.socket().frames('message')).toHaveLength(1);
    await virtual.clock.advance(1);
    expect(virtual.socket().frames('message')).toHaveLength(2);
  },
);

test.each(jumps)('policies are read again when they are a minute old, the clock set by %i ms', async (jump) => {
  const { belfry, virtual } = await startBelfry({ page: '/login' });
  running.push(belfry);
  const reads = (): number => virtual.requests.filter(({ url }) => url.includes('/pages')).length;
  virtual.clock.jump(jump);
  await virtual.clock.advance(59_999);
  virtual.setVisible(true);
  await virtual.clock.advance(0);
  expect(reads()).toBe(1);
  await virtual.clock.advance(1);
  virtual.setVisible(true);
  await virtual.clock.advance(0);
  expect(reads()).toBe(2);
});

/** With what they need it for. */
const mayAskTheTimeOfDay: Record<string, string> = {
  'auth.ts': 'the end of a token is a time of day',
  'explain.ts': 'says whether a token has ended',
  'element/belfry-status.ts': 'the next attempt is shown as a time of day',
  'features/upload-tasks.ts': 'part of an id',
  'line.ts': 'shown with a frame',
  'message-event-handler.ts': 'timestamp of a gap',
  'queue/backlog.ts': 'kept between page loads',
  'queue/create-outbox.ts': 'part of an id, and shown',
  'queue/message-queue.ts': 'kept between page loads',
  'queue/sender-lock.ts': 'shared by tabs, whose monotonic clocks differ',
  'reconnect.ts': 'shown as the time of the next attempt',
  'surroundings/common.ts': 'the clock itself',
};

test('nothing asks for the time of day but what shows, sends or keeps it', () => {
  const root = join(import.meta.dirname, '../src');
  const asking = globSync('**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !file.includes('.test.'))
    .filter((file) => /(clock|Date)\.now\(\)|new Date\(\)/.test(readFileSync(join(root, file), 'utf8')))
    .sort();
  expect(asking).toEqual(Object.keys(mayAskTheTimeOfDay).sort());
});
