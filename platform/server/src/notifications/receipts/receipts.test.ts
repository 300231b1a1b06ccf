// Receipts of providers, over stores and a queue in memory: who hears of what, once, in whatever order it comes;
// and services that have to be asked.
import { describe, expect, test } from 'vitest';
import type { AwaitedReceipt, Receipt } from '@belfry/plugin-kit';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import { app, createWorld, now, scriptedProvider, startProcess, type World } from '../test/push.fixture.ts';

const minuteMs = 60_000;
const source = { provider: 'hook', plugin: 'webhook' };

function heardOf(change: Partial<ProviderHandle> = {}): World {
  const world = createWorld();
  const receiptUrl = 'https://chat.example/receipts/demo/hook/key';
  const readReceipts: ProviderHandle['readReceipts'] = async () => ({ receipts: [] });
  world.providers.set('hook', scriptedProvider(world, 'hook', { receiptUrl, readReceipts, ...change }));
  world.answer = ({ delivery }) => ({ outcome: 'accepted', providerMessageId: `of ${delivery.device.id}` });
  return world;
}

/** A push to bob, who has one device, and its delivery's id. */
async function pushed(world: World, process: Awaited<ReturnType<typeof startProcess>>): Promise<string> {
  const message = await world.append({ seq: 1 });
  process.schedule(app, message, now);
  await world.clock.advance(100);
  return world.sent.at(-1)?.delivery.id ?? '';
}

describe('a receipt', () => {
  test('is told of the message, the user and the device that it is about, once', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    const delivered: Receipt = { deliveryId, event: 'delivered' };
    for (const receipts of [[delivered, delivered], [{ ...delivered, providerMessageId: 'of device-1' }]])
      await process.receipts.take(app, source, receipts);
    await process.receipts.take(app, source, [{ providerMessageId: 'of device-1', event: 'opened' }]);
    expect(world.told().slice(2)).toEqual(['delivered@1 device-1', 'opened@1 device-1']);
    expect(world.facts.at(-1)).toMatchObject({ type: 'push.opened', userId: 'bob', provider: 'hook' });
  });

  test('of a failure says what the service said, and a target that is gone takes the device away', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    await process.receipts.take(app, source, [{ deliveryId, event: 'target_gone', detail: 'uninstalled' }]);
    expect(world.facts.at(-1)).toMatchObject({ reason: 'target_gone', detail: 'uninstalled', deviceId: 'device-1' });
    expect(await world.stores.devices.get(app, 'device-1')).toBeUndefined();
    expect(world.recorded.of('device.gone')).toMatchObject([{ because: 'target_gone', userId: 'bob' }]);
  });

  test('leaves a device alone that was registered again since', async () => {
    const world = heardOf();
    const device = await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    await world.clock.advance(1000);
    await world.stores.devices.register(app, { ...device, updatedAt: world.clock.now() });
    await process.receipts.take(app, source, [{ deliveryId, event: 'target_gone' }]);
    expect(world.told().at(-1)).toBe('target_gone@1 device-1');
    expect(await world.stores.devices.get(app, 'device-1')).toBeDefined();
  });

  test('has the time of the service, as far as it can be', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    const acceptedAt = world.clock.now();
    await world.clock.advance(5000);
    const timeOf = async (event: 'delivered' | 'opened' | 'failed', atMs: number) => {
      await process.receipts.take(app, source, [{ deliveryId, event, atMs }]);
      return world.facts.at(-1)?.atMs;
    };
    expect(await timeOf('delivered', acceptedAt + 2000)).toBe(acceptedAt + 2000);
    expect(await timeOf('opened', acceptedAt + 9e9)).toBe(acceptedAt + 5000);
    expect(await timeOf('failed', 0)).toBeLessThanOrEqual(acceptedAt);
  });

  test('of the delivery of another provider, or of none, comes to nothing after some looks', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    await process.receipts.take(app, { ...source, provider: 'other' }, [{ deliveryId, event: 'delivered' }]);
    await process.receipts.take(app, source, [{ deliveryId: 'nobody', event: 'delivered' }]);
    await world.clock.advance(5 * minuteMs);
    expect(world.told().slice(2)).toEqual([]);
    expect(world.counts.get('push_receipts_total webhook unknown')).toBe(2);
    expect((await world.stores.deadLetters.list(app, { limit: 9 })).items).toEqual([]);
  });

  test('that comes before the answer of the service is found a moment later', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const answered = Promise.withResolvers<undefined>();
    world.answer = async () => {
      await answered.promise;
      return { outcome: 'accepted', providerMessageId: 'm-1' };
    };
    const deliveryId = await pushed(world, process);
    await process.receipts.take(app, source, [{ deliveryId, event: 'delivered' }]);
    expect(world.told()).toEqual(['queued@1']);
    answered.resolve(undefined);
    await world.clock.advance(3000);
    expect(world.told()).toEqual(['queued@1', 'accepted_by_provider@1 device-1', 'delivered@1 device-1']);
  });

  test('is awaited of no provider that reports nothing, and of none while the server has no address', async () => {
    for (const change of [{ readReceipts: undefined }, { receiptUrl: undefined }]) {
      const world = heardOf();
      world.providers.set('hook', { ...scriptedProvider(world, 'hook'), ...(change as Partial<ProviderHandle>) });
      await world.device();
      const process = await startProcess(world);
      const deliveryId = await pushed(world, process);
      expect(await world.stores.deliveries.find(app, { ids: [deliveryId] })).toEqual([]);
    }
  });

  test('of a push that was opened in a tab is known too', async () => {
    const world = heardOf();
    await world.device();
    const process = await startProcess(world);
    const deliveryId = await pushed(world, process);
    const opened = process.openings.read(String(world.sent[0]?.delivery.notification.data['openedToken']));
    expect(opened).toMatchObject({ deliveryId });
    if (opened !== undefined) process.openings.record(app, opened);
    await process.receipts.take(app, source, [{ deliveryId, event: 'opened' }]);
    expect(world.told().filter((each) => each.startsWith('opened'))).toHaveLength(1);
  });
});

describe('a service that reports nothing by itself', () => {
  test('is asked every quarter of an hour until it says what became of each, for a day at most', async () => {
    const asked: (readonly AwaitedReceipt[])[] = [];
    const known: Receipt[][] = [[], [{ providerMessageId: 'of device-1', event: 'delivered' }]];
    const world = heardOf({
      receiptUrl: undefined,
      pollReceipts: async (awaited) => {
        asked.push(awaited);
        return known[asked.length - 1] ?? [];
      },
    });
    await world.device();
    await world.device();
    const process = await startProcess(world);
    await pushed(world, process);
    await world.clock.advance(60 * minuteMs);
    expect(asked.map((each) => each.map(({ providerMessageId }) => providerMessageId).toSorted())).toEqual([
      ['of device-1', 'of device-2'],
      ['of device-1', 'of device-2'],
      ['of device-2'],
    ]);
    expect(world.told().at(-1)).toBe('delivered@1 device-1');
    await world.clock.advance(48 * 60 * minuteMs);
    expect(asked.length).toBeGreaterThan(90);
    expect(asked.length).toBeLessThan(100);
  });

  test('is asked in turns of 500, once for all that it took within a while', async () => {
    const sizes: number[] = [];
    const world = heardOf({
      pollReceipts: async (awaited) => {
        sizes.push(awaited.length);
        return awaited.map(({ deliveryId }) => ({ deliveryId, event: 'delivered' }));
      },
    });
    await world.device();
    const process = await startProcess(world);
    const id = await pushed(world, process);
    const [first] = await world.stores.deliveries.find(app, { ids: [id] });
    if (first === undefined) throw new Error('the push was not written down');
    await world.stores.deliveries.put(
      app,
      Array.from({ length: 600 }, (_, n) => ({ ...first, id: `d-${n}` })),
    );
    await world.clock.advance(60 * minuteMs);
    expect(sizes).toEqual([500, 101]);
  });
});
