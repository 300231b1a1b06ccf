// A plain program that installed the SDK's tarball, in this Node and in the oldest that is promised where the
// machine has it: it connects, sends and receives; and without an address it can be made, but not started.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putConversation } from '../../../server/test/support/clinic.ts';
import { startWholeServer, type WholeServer } from '../../../server/test/support/whole-server.ts';
import { createApp, slowMs, type App } from './packed.ts';

const program = `
  import { createBelfry } from '@belfry/client';
  import { createChat } from '@belfry/client/chat';
  const [url, token] = process.argv.slice(2);
  const unaddressed = createBelfry({ app: 'demo', page: '/team' });
  console.log('status', unaddressed.snapshot().status);
  try { unaddressed.start(); } catch (error) { console.log('refused', error.message.includes('url')); }
  const belfry = createBelfry({ app: 'demo', url, page: '/team', getToken: () => token });
  const chat = createChat(belfry);
  belfry.on('new_message', ({ data }) => { console.log('event', data.content.text); });
  belfry.start();
  chat.start();
  const sent = belfry.send({ conversationId: 'c1', type: 'text', content: { text: 'hello' } });
  await new Promise((resolve) => belfry.outbox.subscribe(({ cid, state }) => {
    if (cid !== sent.cid || state === 'queued') return;
    console.log('state', state);
    resolve();
  }));
  const { messages } = await belfry.command('history', { conversationId: 'c1' });
  console.log('stored', messages.map(({ content }) => content.text).join());
  await belfry.stop();
`;

/** A Node 20 beside this one; on Debian and in most images its place is one of these. */
const node20 = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && spawnSync(path, ['--version']).stdout.toString().startsWith('v20.'),
);

let app: App;
let server: WholeServer;

beforeAll(async () => {
  app = await createApp();
  app.write({ 'main.js': program });
  server = await startWholeServer();
  const policy = { enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' };
  await server.api('PUT', '/pages', { pattern: '/team', ...policy, features: ['messaging'] });
}, slowMs);

afterAll(async () => {
  await server.stop();
  app.remove();
});

/** The lines that it prints. */
async function run(node: string, ...options: string[]): Promise<string[]> {
  await putConversation(server, 'c1', ['alice', 'bob']);
  const output = await app.run(node, ...options, 'main.js', server.url, await server.tokenOf('alice'));
  return output.trim().split('\n');
}

test(
  'it connects, sends and reads back, and ends by itself',
  async () => {
    const lines = await run(process.execPath);
    expect(lines.slice(0, 2)).toEqual(['status closed', 'refused true']);
    expect(lines).toContain('state sent');
    expect(lines.at(-1)).toMatch(/^stored hello/);
  },
  slowMs,
);

test.runIf(node20)(
  'it does so in Node 20 too, given a WebSocket',
  async () => {
    const lines = await run(node20 ?? '', '--experimental-websocket', '--no-warnings');
    expect(lines).toContain('state sent');
    expect(lines.at(-1)).toMatch(/^stored hello/);
  },
  slowMs,
);
