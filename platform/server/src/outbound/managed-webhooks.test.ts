// The outgoing webhooks of a provision file: written once, changed there alone, given back.

import { newWebhookSecret } from '@belfry/plugin-kit';
import { expect, test } from 'vitest';
import { createVault } from '../tenancy/vault.ts';
import { createManagedWebhooks } from './managed-webhooks.ts';
import { by, createOutboundUnderTest } from './test/outbound.fixture.ts';

const planned = {
  ...{ id: 'crm', url: 'https://crm.example.com/in', events: ['*'], ordered: false },
  ...{ secret: newWebhookSecret(), enabled: true },
};

function setUp() {
  const whole = createOutboundUnderTest();
  const { stores, clock } = whole;
  const managed = createManagedWebhooks({ store: stores.webhooks, vault: createVault('secret'), clock });
  return { ...whole, managed };
}

test('a webhook is written once, is changed in the file alone, and is the app’s when the file names it no more', async () => {
  const { app, managed, outbound, put } = setUp();
  await managed.put(app, planned);
  await managed.put(app, planned);
  expect(await outbound.records.record(app, 'crm')).toMatchObject({ version: 1, managed: true, state: 'active' });
  await expect(put()).rejects.toMatchObject({ code: 'managed_by_file' });
  await managed.release(app, new Set(['crm']));
  await expect(outbound.records.remove(app, 'crm', by)).rejects.toMatchObject({ code: 'managed_by_file' });
  await managed.release(app, new Set());
  expect(await put()).toMatchObject({ created: false, webhook: { managed: false } });
});

test('what the file keeps off is not to be resumed, and a pause outlives a start', async () => {
  const { app, managed, outbound } = setUp();
  await managed.put(app, { ...planned, enabled: false });
  expect(await outbound.records.get(app, 'crm')).toMatchObject({ state: 'disabled', disabled: { because: 'file' } });
  await managed.put(app, { ...planned, enabled: false });
  expect((await outbound.records.record(app, 'crm')).version).toBe(1);
  await expect(outbound.records.resume(app, 'crm', by)).rejects.toMatchObject({ code: 'managed_by_file' });
  await managed.put(app, planned);
  await outbound.records.pause(app, 'crm', by);
  await managed.put(app, planned);
  expect((await outbound.records.get(app, 'crm')).state).toBe('paused');
});
