import { expect, it } from 'vitest';
import { connectBelfry } from '../../test/support/started-belfry.ts';
import { createStats } from './stats.ts';

it('subscribes for each connection, shows the newest, and unsubscribes', async () => {
  const { belfry, virtual } = await connectBelfry();
  const stats = createStats(belfry);
  expect(virtual.socket().frame('subscribe').data).toEqual({ topic: 'stats' });
  virtual.socket().answer('subscribe', { topic: 'stats' });
  const data = { connections: { total: 2, byDeviceType: {}, byPage: {} }, users: 1, messagesPerSecond: 0.5, at: 'now' };
  virtual.socket().event({ action: 'stats_update', data });
  expect(stats.snapshot()).toEqual(data);
  virtual.socket().drop();
  await virtual.clock.advance(10_000);
  virtual.socket().accept();
  await virtual.clock.advance(0);
  expect(virtual.socket().frames('subscribe')).toHaveLength(1);
  virtual.socket().answer('subscribe', { topic: 'stats' });
  stats.stop();
  expect(virtual.socket().frame('unsubscribe').data).toEqual({ topic: 'stats' });
  expect(stats.snapshot()).toBeUndefined();
  await belfry.stop();
  expect(virtual.reported).toEqual([]);
});
