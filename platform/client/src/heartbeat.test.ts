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
    { visible: true, attended: true },
    { visible: true, attended: true },
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
    { visible: false, attended: false },
    { visible: true, attended: true },
  ]);
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
