// What a provider is given beside the text: the id of what it sent before, the number and picture it can show,
// the platform of the device; and that one slow device holds up no other. Over engines in memory.
import { describe, expect, it } from 'vitest';
import type { ProviderSupports } from '@belfry/plugin-kit';
import { app, createWorld, now, scriptedProvider, startProcess, stream, type World } from '../test/push.fixture.ts';

function worldWith(supports: ProviderSupports): World {
  const world = createWorld();
  const clear = async (clearing: World['cleared'][number]) => {
    world.cleared.push(clearing);
    return { outcome: 'accepted' as const };
  };
  world.providers.set('hook', scriptedProvider(world, 'hook', { supports, ...(supports.clear ? { clear } : {}) }));
  return world;
}

const previousOf = ({ sent }: World) => sent.map(({ delivery }) => delivery.previous?.providerMessageId);

describe('the id that a service gave a notification', () => {
  const supports = { collapse: true, clear: true, messageIds: true };

  it('comes along with the next one of the same conversation, and no other', async () => {
    const world = worldWith(supports);
    await world.device();
    world.answer = ({ delivery }) => ({ outcome: 'accepted', providerMessageId: `of ${delivery.notification.body}` });
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    const { policy } = await world.append({ seq: 3 });
    schedule(app, await world.append({ seq: 4, policy: { ...policy, collapseKey: 'other' } }), now);
    await world.clock.advance(100);
    expect(previousOf(world)).toEqual([undefined, 'of text 1', undefined]);
  });

  it('comes along when the notification is to be cleared, and is forgotten then', async () => {
    const world = worldWith(supports);
    await world.device();
    world.answer = () => ({ outcome: 'accepted', providerMessageId: 'm-1' });
    const { schedule, onRead } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(100);
    onRead(app, 'bob', { stream, seq: 1 });
    await world.clock.advance(100);
    expect(world.cleared).toMatchObject([{ providerMessageId: 'm-1' }]);
    expect((await world.stores.devices.get(app, 'device-1'))?.shown).toBeUndefined();
  });

  it('is not kept of a provider that does not ask for it, nor given to it', async () => {
    const world = worldWith({ collapse: true });
    await world.device();
    await world.stores.devices.remember(app, 'device-1', { collapseKey: 'x', messageId: 'm-0' });
    world.answer = () => ({ outcome: 'accepted', providerMessageId: 'm-1' });
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    expect(previousOf(world)).toEqual([undefined, undefined]);
    expect((await world.stores.devices.get(app, 'device-1'))?.shown).toHaveLength(1);
  });
});

describe('what a provider shows', () => {
  const picture = { type: 'picture', content: { uploadId: 'u1' } };

  async function sentTo(supports: ProviderSupports, given: Parameters<World['append']>[0] = { seq: 1 }) {
    const world = worldWith(supports);
    await world.device({ target: { token: 't', platform: 'ios' } });
    await world.stores.users.merge(app, [{ userId: 'alice', name: 'Alice', avatar: 'https://example.com/alice.png' }]);
    world.unread.set('bob', 7);
    const { schedule } = await startProcess(world);
    schedule(app, await world.append(given), now);
    await world.clock.advance(100);
    return world.sent[0]?.delivery;
  }

  it('is counted and looked up for those who say that they show it', async () => {
    const plain = await sentTo({});
    expect(plain?.notification).not.toHaveProperty('badge');
    expect(plain?.notification).not.toHaveProperty('imageUrl');
    expect((await sentTo({ badge: true, image: true }))?.notification).toMatchObject({
      badge: 7,
      imageUrl: 'https://example.com/alice.png',
      sender: 'Alice',
    });
  });

  it('is the picture of the message before that of its sender', async () => {
    const { imageUrl } = (await sentTo({ image: true }, { seq: 1, data: picture }))?.notification ?? {};
    expect(imageUrl).toMatch(/^https:\/\/chat\.example\/files\/u1\?app=demo&expires=\d+$/);
  });

  it('costs no push: what cannot be counted is left out', async () => {
    const world = worldWith({ badge: true });
    await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(100);
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]?.delivery.notification.badge).toBeUndefined();
  });

  it('is nothing for a silent notice, where the provider can be silent', async () => {
    const data = { silent: true, orderId: 'o1' };
    const silent = (await sentTo({ silent: true }, { seq: 1, data }))?.notification;
    expect(silent).toMatchObject({ silent: true, data: { orderId: 'o1' } });
    expect(silent?.data).not.toHaveProperty('silent');
    expect((await sentTo({}, { seq: 1, data }))?.notification).not.toHaveProperty('silent');
  });

  it('may depend on the platform that the target names', async () => {
    expect((await sentTo({}))?.device.platform).toBe('ios');
  });
});

it('a service that wants less for one device is not taken for one that is down', async () => {
  const calls = async (scope: 'target' | undefined): Promise<number> => {
    const world = createWorld();
    for (let device = 0; device < 30; device += 1) await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'slower', afterMs: 3_600_000, ...(scope ? { scope } : {}) });
    const { schedule } = await startProcess(world);
    for (let seq = 1; seq <= 2; seq += 1) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    return world.sent.length;
  };
  const patient = await calls('target');
  expect(patient).toBe(60);
  expect(await calls(undefined)).toBeLessThan(patient);
});
