import { afterEach, expect, test, vi } from 'vitest';
import { connectBelfry, startBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';
import { createVirtualSurroundings } from '../test/support/virtual-surroundings.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

async function connect(): Promise<StartedBelfry> {
  const started = await connectBelfry();
  running.push(started.belfry);
  return started;
}

test('answers find their commands in whatever order they come', async () => {
  const { belfry, virtual } = await connect();
  const first = belfry.command('read', { conversationId: 'c1', seq: 1 });
  const second = belfry.command('read', { conversationId: 'c1', seq: 2 });
  const [one, two] = virtual.socket().frames('read');
  virtual.socket().answer('read', { seq: 2 }, two?.id).answer('read', { seq: 1 }, one?.id);
  await expect(first).resolves.toEqual({ seq: 1 });
  await expect(second).resolves.toEqual({ seq: 2 });
});

test('a refusal carries all that the server said', async () => {
  const { belfry, virtual } = await connect();
  const refused = belfry.command('typing', { conversationId: 'c1', isTyping: true });
  virtual.socket().refuse('typing', { code: 'rate_limited', retry: 'after', afterMs: 18 });
  await expect(refused).rejects.toMatchObject({ code: 'rate_limited', retry: 'after', afterMs: 18 });
});

test('a command without an answer is given up after the time of a connection attempt', async () => {
  const { belfry, virtual } = await connect();
  const waiting = expect(belfry.command('history', { conversationId: 'c1' })).rejects.toMatchObject({
    code: 'timeout',
  });
  // Heartbeats are answered, or the connection would be taken for dead before.
  await virtual.clock.advance(20_000);
  await waiting;
  expect(belfry.snapshot().status).toBe('connected');
});

test('a frame that would close the connection is not sent', async () => {
  const { belfry, virtual } = await connect();
  // 22,000 characters of three bytes each.
  const content = { text: '字'.repeat(22_000) };
  const refused = belfry.command('message', { conversationId: 'c1', cid: 'a', type: 'text', content });
  await expect(refused).rejects.toMatchObject({ code: 'too_large', retry: 'never' });
  expect(virtual.socket().frames('message')).toEqual([]);
});

test('a loop of commands is refused before it fills the memory', async () => {
  const { belfry } = await connect();
  for (let count = 0; count < 1000; count += 1) void belfry.command('history', { conversationId: 'c1' });
  await expect(belfry.command('history', { conversationId: 'c1' })).rejects.toMatchObject({ code: 'overloaded' });
});

test.each([
  'not json',
  '[]',
  'null',
  '{}',
  '{"id":1}',
  '{"id":77,"ok":true,"data":{}}',
  '{"ok":false}',
  '{"ok":false,"error":{}}',
  '{"action":"new_message"}',
  '{"action":"new_message","data":{},"stream":"c:c1","seq":"1"}',
  '{"action":"skipped","stream":"c:c1","data":{}}',
  '{"action":"page_config_changed","data":{}}',
  '{"action":"goaway","data":{}}',
  '{"action":"auth_expiring","data":{}}',
])('%s does not trip it', async (text) => {
  const { belfry, virtual } = await connect();
  const handler = vi.fn();
  virtual.socket().say(text);
  belfry.on('new_message', handler);
  virtual.socket().message(1);
  expect(handler).toHaveBeenCalledTimes(1);
  expect(virtual.reported).toEqual([]);
});

test('a socket that cannot even be made is a failed attempt', async () => {
  const virtual = createVirtualSurroundings();
  const openSocket = (): never => {
    throw new Error('blocked by the content security policy');
  };
  const { belfry } = await startBelfry({ surroundings: { openSocket } }, virtual);
  running.push(belfry);
  expect(belfry.snapshot()).toMatchObject({ status: 'reconnecting', lastClose: { code: 1006 } });
  expect(belfry.snapshot().lastClose?.reason).toContain('content security policy');
});

test('a connect that is refused for now is tried again, not before the time that the server said', async () => {
  const { belfry, virtual } = await startBelfry();
  running.push(belfry);
  virtual.socket().open().refuse('connect', { code: 'overloaded', retry: 'after', afterMs: 7000 });
  expect((belfry.snapshot().retryAt ?? 0) - virtual.clock.now()).toBe(7000);
  expect(virtual.socket().closedWith).toBeDefined();
});

test('frames of both directions are shown to listeners', async () => {
  const { belfry, virtual } = await connect();
  const shown: string[] = [];
  const end = belfry.onFrame(({ direction, text }) => shown.push(`${direction} ${text.slice(0, 30)}`));
  void belfry.command('heartbeat', {});
  virtual.socket().event({ action: 'announcement' });
  end();
  virtual.socket().event({ action: 'announcement' });
  expect(shown).toEqual(['out {"id":2,"action":"heartbeat","', 'in {"timestamp":"2026-01-01T00:00']);
});
