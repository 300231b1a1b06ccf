// Notifications leave the devices once their messages were read. Over engines in memory.
import { describe, expect, it } from 'vitest';
import { app, createWorld, now, scriptedProvider, startProcess, stream } from '../test/push.fixture.ts';
import type { World } from '../test/push.fixture.ts';

describe('clearing', () => {
  it('takes the notification away when all its messages were read', async () => {
    const world = createWorld();
    await world.device();
    const clear = async (clearing: World['cleared'][number]) => {
      world.cleared.push(clearing);
      return { outcome: 'accepted' as const };
    };
    world.providers.set('hook', scriptedProvider(world, 'hook', { supports: { clear: true }, clear }));
    const { schedule, onRead } = await startProcess(world);
    onRead(app, 'bob', { stream, seq: 1 });
    await world.clock.advance(100);
    for (const seq of [1, 2]) schedule(app, await world.append({ seq }), now);
    await world.clock.advance(100);
    onRead(app, 'bob', { stream, seq: 1 });
    await world.clock.advance(100);
    expect(world.cleared).toEqual([]);
    for (let n = 0; n < 3; n += 1) onRead(app, 'bob', { stream, seq: 2 });
    await world.clock.advance(100);
    expect(world.cleared).toMatchObject([
      { userId: 'bob', device: { id: 'device-1' }, collapseKey: world.sent[0]?.delivery.notification.collapseKey },
    ]);
  });
});
