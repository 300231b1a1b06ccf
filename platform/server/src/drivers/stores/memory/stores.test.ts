// The memory driver keeps the contract of the stores, and its switches do what they say.

import { expect, test } from 'vitest';
import { storesContract } from '../../../../test/contracts/stores.contract.ts';
import { newApp, sampleMessage } from '../../../../test/support/samples.ts';
import { createMemoryStores } from './create-memory-stores.ts';

storesContract('memory', async () => {
  const stores = createMemoryStores();
  return { stores, dispose: () => stores.close() };
});

test('a method that was made to fail rejects without effect; the others work', async () => {
  const stores = createMemoryStores();
  const app = newApp();
  stores.fail('messages.append');
  await expect(stores.messages.append(app, [sampleMessage({ seq: 1 })])).rejects.toMatchObject({ code: 'unavailable' });
  expect(await stores.messages.read(app, 'c:c1', { limit: 1 })).toEqual([]);
  expect(stores.state()).toBe('up');
  stores.fail(undefined);
  expect(await stores.messages.append(app, [sampleMessage({ seq: 1 })])).toEqual({ inserted: 1 });
});

test('a method that loses its answer has done its work', async () => {
  const stores = createMemoryStores();
  const app = newApp();
  stores.fail('messages.append', 'after');
  await expect(stores.messages.append(app, [sampleMessage({ seq: 1 })])).rejects.toMatchObject({ code: 'unavailable' });
  expect(await stores.messages.read(app, 'c:c1', { limit: 1 })).toHaveLength(1);
});

test('taking everything down and up again is reported', async () => {
  const stores = createMemoryStores();
  const states: string[] = [];
  stores.onState((state) => states.push(state));
  stores.fail('*');
  await expect(stores.installation.get('x')).rejects.toMatchObject({ code: 'unavailable' });
  stores.fail(undefined);
  expect(states).toEqual(['down', 'up']);
});
