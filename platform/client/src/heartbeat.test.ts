import { afterEach, expect, test } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../test/support/started-belfry.ts';

const running: StartedBelfry['belfry'][] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

async function connect(heartbeatIntervalMs?: number): Promise<StartedBelfry> {
  const started = await connectBelfry({}, heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs });
  running.push(started.belfry);
  return started;
}

test('beats in the interval of the server, and says whether somebody looks and is there', async () => {
  const { virtual } = await connect(7000);
  await virtual.clock.advance(6999);
  expect(virtual.socket().frames('heartbeat')).toEqual([]);
  await virtual.clock.advance(7001);
  expect(
    virtual
      .socket()
      .frames('heartbeat')
      .map(({ data }) => data),
  ).toEqual([
    { visible: true, attended: true, policyVersion: 1 },
    { visible: true, attended: true, policyVersion: 1, rttMs: 0 },
  ]);
});

test('a page that is shown or hidden says so at once', async () => {
  const { virtual } = await connect();
  virtual.setVisible(false);
  virtual.setVisible(true);
  expect(
    virtual
      .socket()
      .frames('heartbeat')
      .map(({ data }) => data),
  ).toEqual([
    { visible: false, attended: false, policyVersion: 1 },
    { visible: true, attended: true, policyVersion: 1 },
  ]);
});

test('says how long the answer to the last one took', async () => {
  const { virtual } = await connect(7000);
  const socket = virtual.socket();
  socket.answersHeartbeats = false;
  await virtual.clock.advance(7000);
  await virtual.clock.advance(120);
  socket.answer('heartbeat', { serverTime: '2026-01-01T00:00:00.000Z' });
  await virtual.clock.advance(7000);
  expect(socket.frame('heartbeat').data).toMatchObject({ rttMs: 120 });
});

const chat = {
  ...{ pattern: '/chat', enabled: true, requireAuth: true, autoConnect: true, connectionType: 'default' },
  ...{ features: ['messaging'], version: 1 },
};
const changed = (page: typeof chat) => ({
  action: 'page_config_changed',
  data: { pattern: page.pattern, version: page.version, page },
});

test('a policy that was changed is confirmed within half a second, once', async () => {
  const { virtual } = await connect();
  const socket = virtual.socket();
  socket.event(changed({ ...chat, version: 2, features: [] }));
  await virtual.clock.advance(500);
  const [confirmed, ...more] = socket.frames('heartbeat');
  expect(confirmed?.data).toMatchObject({ policyVersion: 2 });
  expect(more).toEqual([]);
  socket.event(changed({ ...chat, version: 2, features: [] }));
  await virtual.clock.advance(5000);
  expect(socket.frames('heartbeat')).toHaveLength(1);
});

test('tabs do not all confirm at the same moment', async () => {
  const at = async (random: number): Promise<number> => {
    const started = await connectBelfry({ surroundings: { random: () => random } });
    running.push(started.belfry);
    const socket = started.virtual.socket();
    socket.event(changed({ ...chat, version: 2 }));
    let ms = 0;
    for (; socket.frames('heartbeat').length === 0; ms += 10) await started.virtual.clock.advance(10);
    return ms;
  };
  expect([await at(0.02), await at(0.5), await at(0.98)]).toEqual([10, 250, 490]);
});

test('connect says which policy the page has; one that the server knows better is confirmed after it', async () => {
  const { virtual } = await connect();
  const socket = virtual.socket();
  expect(socket.frame('connect').data).toMatchObject({ policyVersion: 1 });
  await virtual.clock.advance(1000);
  expect(socket.frames('heartbeat')).toEqual([]);
  const other = await connectBelfry({}, { page: { ...chat, version: 7 } });
  running.push(other.belfry);
  await other.virtual.clock.advance(500);
  expect(other.virtual.socket().frame('heartbeat').data).toMatchObject({ policyVersion: 7 });
});

test('a connection from which nothing comes any more is given up, and another one opened', async () => {
  const { belfry, virtual } = await connect();
  virtual.socket().answersHeartbeats = false;
  await virtual.clock.advance(45_000 + 4999);
  expect(belfry.snapshot().status).toBe('connected');
  await virtual.clock.advance(1);
  expect(belfry.snapshot()).toMatchObject({
    status: 'reconnecting',
    lastClose: { code: 1006, reason: 'no heartbeat' },
  });
  expect(virtual.sockets[0]?.closedWith).toBeDefined();
  await virtual.clock.advance(1000);
  expect(virtual.sockets).toHaveLength(2);
});

test('any frame is a sign of life', async () => {
  const { belfry, virtual } = await connect();
  virtual.socket().answersHeartbeats = false;
  await virtual.clock.advance(45_000);
  virtual.socket().message(1);
  await virtual.clock.advance(10_000);
  expect(belfry.snapshot().status).toBe('connected');
});

test('when the network is back the connection is tried at once', async () => {
  const { belfry, virtual } = await connect();
  virtual.socket().answersHeartbeats = false;
  await virtual.clock.advance(1000);
  virtual.goOnline();
  await virtual.clock.advance(10_000);
  expect(belfry.snapshot().status).toBe('reconnecting');
});

test('a connection that the browser calls offline is probed at once, and is lost 5 s later unless it answers', async () => {
  const { belfry, virtual } = await connect();
  await virtual.clock.advance(1000);
  virtual.goOffline();
  expect(virtual.socket().frames('heartbeat')).toHaveLength(1);
  await virtual.clock.advance(5000);
  expect(belfry.snapshot().status).toBe('connected');
  virtual.socket().answersHeartbeats = false;
  virtual.goOffline();
  await virtual.clock.advance(4999);
  expect(belfry.snapshot().status).toBe('connected');
  await virtual.clock.advance(1);
  expect(belfry.snapshot().status).toBe('reconnecting');
});

test('an answer that is 5 s late probes the connection, and 5 s later it is lost', async () => {
  const { belfry, virtual } = await connect();
  virtual.socket().answersHeartbeats = false;
  await virtual.clock.advance(1000);
  belfry.command('history', { conversationId: 'c1' }).catch(() => undefined);
  await virtual.clock.advance(4999);
  expect(virtual.socket().frames('heartbeat')).toEqual([]);
  await virtual.clock.advance(1);
  expect(virtual.socket().frames('heartbeat')).toHaveLength(1);
  await virtual.clock.advance(5000);
  expect(belfry.snapshot()).toMatchObject({ status: 'reconnecting', lastClose: { reason: 'no heartbeat' } });
});

test('a late answer is no reason to probe while anything else comes', async () => {
  const { belfry, virtual } = await connect();
  await virtual.clock.advance(1000);
  belfry.command('history', { conversationId: 'c1' }).catch(() => undefined);
  await virtual.clock.advance(1000);
  virtual.socket().message(1);
  await virtual.clock.advance(9000);
  expect(virtual.socket().frames('heartbeat')).toEqual([]);
});
