// A simulation over a whole server: of the newest messages, under a change, beside what was decided when they
// came; and by the command line.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { createClients } from '../support/clients.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { apiKey } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let receiver: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  receiver = await startPushReceiver();
  server = await startWholeServer({ settings: { waitMs: 100 }, pushUrl: receiver.url });
  await putConversation(server, 'c1', ['alice', 'bob']);
  await registerDevice(server, 'bob');
  await say(server, 'c1', { from: 'alice' });
  await receiver.received(1);
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await receiver.close();
});

const changes = { preferencesOfOthers: { level: 'none', conversations: {} } };

test('the newest messages are decided then, now and with the changes, and nothing is sent', async () => {
  const { status, body } = await server.api('POST', '/simulate', { newest: 10, changes });
  expect(status).toBe(200);
  const decided = { no_connection: 1, queued: 1 };
  expect(body).toMatchObject({
    items: [{ then: decided, now: decided, changed: { no_connection: 1, preference_off: 1 } }],
    differences: [
      { reason: 'preference_off', now: 0, changed: 1 },
      { reason: 'queued', now: 1, changed: 0 },
    ],
    pushes: [
      { provider: 'hook', reason: 'preference_off', now: 0, changed: 1 },
      { provider: 'hook', reason: 'queued', now: 1, changed: 0 },
    ],
    isCut: false,
  });
  expect(receiver.pushes).toHaveLength(1);
});

test('the rights of pages are those that the app has, but for those that are given', async () => {
  await clients.connect({ userId: 'bob', page: '/chat' });
  const request = { kind: 'message', audience: { conversation: 'c1' }, sender: 'alice' };
  const requests = [{ ...request, data: { type: 'text', content: { text: 'x' } } }];
  const { body } = await server.api('POST', '/simulate', { requests, changes: { pages: { '/chat': [] } } });
  expect(body).toMatchObject({ now: { sent: 1 }, changed: { feature_off_on_page: 1 } });
});

test.each([
  [{}, 'requests'],
  [{ newest: 5, requests: [] }, 'requests'],
  [{ newest: 501 }, 'newest'],
  [{ newest: 5, changes: { colour: 'red' } }, 'changes'],
  [{ newest: 5, changes: { providers: { hook: 'asleep' } } }, 'changes'],
])('%j is refused', async (asked, path) => {
  const { status, body } = await server.api('POST', '/simulate', asked);
  expect(status).toBe(422);
  expect((body['path'] as string[])[0]).toBe(path);
});

test('`belfry simulate` prints what would change', async () => {
  const folder = createTemporaryFolder();
  const file = join(folder.path, 'quiet.yaml');
  writeFileSync(file, 'newest: 1\nchanges:\n  policies:\n    message: { push: never }\n');
  const lines: string[] = [];
  const surroundings = { out: (text: string) => lines.push(text), err: (text: string) => lines.push(text) };
  const keyFile = join(folder.path, 'key');
  const args = ['simulate', file, '--url', server.url, '--key-file', keyFile];
  expect(await runProgram(args, surroundings as never)).not.toBe(0);
  expect(lines.splice(0).join('\n')).toContain(keyFile);
  writeFileSync(keyFile, `${apiKey}\n`);
  expect(await runProgram(args, surroundings as never)).toBe(0);
  expect(lines.join('\n')).toMatch(/^1 simulated\npolicy_never +0 -> 1 +\(\+1\)\n/);
  writeFileSync(file, `newest: 1\nchanges:\n  preferencesOfOthers: { level: none, conversations: {} }\n`);
  lines.splice(0);
  expect(await runProgram(args, surroundings as never)).toBe(0);
  expect(lines.join('\n')).toMatch(
    /^Pushes by provider:\nhook preference_off {3}0 -> 1 {2}\(\+1\)\nhook waiting_for_ack {2}1 -> 0/m,
  );
  folder.remove();
});
