// The audit as a file: all that fits the filter, readable for those who may read it, harmless in a
// spreadsheet.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
  await done(world.members.owner.post('/tenants/clinic/apps', { template: 'empty', key: 'ward', name: '=cmd()|A1' }));
}, 60_000);
afterAll(() => world.server.stop());

async function file(client: ConsoleClient, query: string): Promise<{ type: string; text: string; status: number }> {
  const response = await fetch(`${world.server.url}/admin/api/tenants/clinic/audit?${query}`, {
    headers: { cookie: client.cookie },
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text: await response.text() };
}

test('a line of NDJSON is an entry as the list has it', async () => {
  const { body } = await done(world.members.owner.get('/tenants/clinic/audit?action=member.*'));
  const { text, type } = await file(world.members.owner, 'format=ndjson&action=member.*');
  expect(type).toContain('application/x-ndjson');
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(body.items);
});

test('what would be a formula is a text, and each export is an entry itself', async () => {
  const { text, type } = await file(world.members.owner, 'format=csv&action=app.*');
  expect(type).toContain('text/csv');
  const [head, entry] = text.split('\r\n');
  expect(head).toMatch(/^at,actor_type,actor_id/);
  expect(entry).toContain('app.create');
  expect(text).not.toMatch(/(?:^|,)"?[=+@-]/m);
  const { body } = await done(world.members.owner.get('/tenants/clinic/audit?action=audit.export'));
  expect(body.items[0]).toMatchObject({ after: { format: 'csv', action: 'app.*' } });
});

test('a developer takes along what they may see, and a viewer nothing', async () => {
  const { text } = await file(world.members.developer, 'format=ndjson');
  const lines = text.trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { app?: string });
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.every(({ app }) => app !== undefined)).toBe(true);
  expect(await file(world.members.viewer, 'format=csv')).toMatchObject({ status: 403 });
});
