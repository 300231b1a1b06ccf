// The audit of a tenant as somebody in the console sees it, and a second factor where one is asked for.

import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import type { ConsoleClient } from './console-client.ts';
import { done } from './console-world.ts';

export interface Entry {
  action: string;
  actor: { type: string; id: string; name: string };
  object: { type: string; id: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

export async function entriesOf(tenant: string, client: ConsoleClient): Promise<Entry[]> {
  const { body } = await done(client.get(`/tenants/${tenant}/audit?limit=100`));
  expect(body.nextCursor).toBeUndefined();
  return body.items;
}

/** Where a second factor is required of them. */
export async function addFactor(client: ConsoleClient): Promise<void> {
  const before = await client.get('/tenants/clinic');
  expect(before).toMatchObject({ status: 403, body: { needs: 'totp' } });
  const { body } = await done(client.post('/account/totp'));
  const factor = new TOTP({ secret: Secret.fromBase32(new URL(body.uri).searchParams.get('secret') ?? '') });
  await done(client.call('PUT', '/account/totp', { body: { code: factor.generate() } }));
}
