// The devices and providers that are called, and the consequences of refusals. Being called again:
// retries.test.ts.
import { describe, expect, it } from 'vitest';
import { app, bodies, createWorld, now, scriptedProvider, startProcess, stream } from '../test/push.fixture.ts';

describe('devices and providers', () => {
  it('are all notified, or the first type of a list that the user has', async () => {
    const world = createWorld();
    await world.device({ deviceType: 'desktop' });
    await world.device({ deviceType: 'tablet' });
    await world.device({ deviceType: 'tablet' });
    const { schedule } = await startProcess(world);
    const first = await world.append({ seq: 1 });
    schedule(app, first, now);
    await world.clock.advance(100);
    expect(world.sent.map(({ delivery }) => delivery.device.id)).toEqual(['device-1', 'device-2', 'device-3']);
    schedule(app, await world.append({ seq: 2, policy: { ...first.policy, pushTo: ['mobile', 'tablet'] } }), now);
    await world.clock.advance(100);
    // The notification still counts the first message, which names all of them.
    expect(world.sent).toHaveLength(6);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, read: 2 }]);
    schedule(app, await world.append({ seq: 3, policy: { ...first.policy, pushTo: ['mobile', 'tablet'] } }), now);
    await world.clock.advance(100);
    expect(world.sent.slice(6).map(({ delivery }) => delivery.device.id)).toEqual(['device-2', 'device-3']);
  });

  it('are reported when they are missing, off or paused', async () => {
    const world = createWorld();
    await world.device({ provider: 'gone' });
    await world.device({ provider: 'off' });
    await world.device({ provider: 'paused' });
    world.providers.set('off', scriptedProvider(world, 'off', { state: 'off', reason: 'broken' }));
    world.providers.set('paused', scriptedProvider(world, 'paused', { state: 'paused', reason: 'HTTP 401' }));
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), [...now, { userId: 'dave', when: 'now' }]);
    await world.clock.advance(100);
    expect(world.sent).toEqual([]);
    expect(world.told().toSorted()).toEqual([
      'credentials_rejected@1 device-3',
      'no_device@1',
      'no_provider_for_device@1 device-1',
      'no_provider_for_device@1 device-2',
      'queued@1',
      'queued@1',
    ]);
    expect(world.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it.each([
    ['target_gone', 'target_gone', 0],
    ['target_invalid', 'target_gone', 1],
    ['payload', 'payload_rejected', 1],
    ['credentials', 'credentials_rejected', 1],
    ['quota', 'quota', 1],
  ] as const)('have the consequence: %s', async (reason, told, devicesLeft) => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'rejected', reason, detail: 'HTTP 4xx' });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(3_600_000);
    expect(world.sent).toHaveLength(1);
    expect(world.told()).toEqual(['queued@1', `${told}@1 device-1`]);
    expect((await world.stores.devices.ofUsers(app, ['bob'])).get('bob') ?? []).toHaveLength(devicesLeft);
    expect(world.paused).toEqual(reason === 'credentials' ? ['hook: HTTP 4xx'] : []);
    expect(world.lines.filter(({ msg }) => msg === 'push failed')).toMatchObject([
      { level: 'warn', fields: { provider: 'hook', userId: 'bob', reason: told, detail: 'HTTP 4xx' } },
    ]);
  });

  it('get notifications cut to their limits', async () => {
    const world = createWorld();
    await world.device();
    world.providers.set('hook', scriptedProvider(world, 'hook', { limits: { bodyChars: 4 } }));
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1, data: { type: 'text', content: { text: '👩👩👩👩👩' } } }), now);
    await world.clock.advance(100);
    expect(bodies(world)).toEqual(['👩👩👩…']);
  });

  it('are called no faster than they allow', async () => {
    const world = createWorld();
    world.providers.set('hook', scriptedProvider(world, 'hook', { limits: { perSecond: 2 } }));
    for (let n = 0; n < 6; n += 1) await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(10_000);
    const start = world.sent[0]?.atMs ?? 0;
    expect(world.sent).toHaveLength(6);
    expect(new Set(world.sent.map(({ delivery }) => delivery.device.id)).size).toBe(6);
    expect(world.sent.filter(({ atMs }) => atMs - start < 1000).length).toBeLessThanOrEqual(3);
    expect(world.sent.every(({ attempt }) => attempt === 1)).toBe(true);
  });
});
