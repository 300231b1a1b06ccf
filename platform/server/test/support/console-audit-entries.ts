// The audit of a tenant as somebody in the console sees it.

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
