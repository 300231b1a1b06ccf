// The memory driver keeps the contract of presence, and hands out without copying.

import { expect, test } from 'vitest';
import { presenceContract } from '../../../../test/contracts/presence.contract.ts';
import { newApp, sampleConnection } from '../../../../test/support/samples.ts';
import { MemoryPresenceHub } from './memory-presence-hub.ts';

presenceContract('memory', async () => {
  const hub = new MemoryPresenceHub();
  return {
    connect: async (node) => hub.connect(node),
    kill: async (node) => hub.kill(node),
    loseEverything: async () => hub.loseEverything(),
    dispose: async () => {},
  };
});

test('two reads without a change between them give the same frozen records', async () => {
  const node = new MemoryPresenceHub().connect('n1');
  const app = newApp();
  await node.join(app, sampleConnection());
  const read = async (): Promise<unknown> => (await node.ofUsers(app, ['alice'])).get('alice');
  expect(await read()).toBe(await read());
  expect(Object.isFrozen(await read())).toBe(true);
});

test('a killed node can do nothing more, and its name can be taken by a new one', async () => {
  const hub = new MemoryPresenceHub();
  const node = hub.connect('n1');
  hub.kill('n1');
  await expect(node.join(newApp(), sampleConnection())).rejects.toMatchObject({ code: 'unavailable' });
  expect(node.state()).toBe('down');
  const next = hub.connect('n1');
  await next.join(newApp(), sampleConnection());
});

test('a directory that is down rejects from everywhere', async () => {
  const hub = new MemoryPresenceHub();
  const node = hub.connect('n1');
  hub.down();
  await expect(node.count(newApp())).rejects.toMatchObject({ code: 'unavailable' });
  hub.up();
  expect(await node.page(newApp(), { limit: 1 })).toEqual([]);
});
