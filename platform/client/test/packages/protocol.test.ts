// The author of a client who installed the protocol's tarball: its types compile under strict TypeScript, libraries
// included, and Node plays its transcripts against a running server.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiKey } from '../../../server/test/support/provision.ts';
import { startWholeServer, type WholeServer } from '../../../server/test/support/whole-server.ts';
import { createApp, protocolTarball, slowMs, type App } from './packed.ts';

const typed = `
  import { commands, errorTable, type Reason } from '@belfry/protocol';
  import { scenarios, type Scenario } from '@belfry/protocol/suite';
  export const reason: Reason = 'muted';
  // @ts-expect-error no such reason
  export const none: Reason = 'because';
  export const all: [readonly Scenario[], string, object] = [scenarios, errorTable.not_found.title, commands.connect];
`;

const program = `
  import { isErrorCode } from '@belfry/protocol';
  import { replay, scenarios } from '@belfry/protocol/suite';
  const [baseUrl, apiKey] = process.argv.slice(2);
  for (const scenario of scenarios.slice(0, 2)) await replay({ scenario, baseUrl, apiKey });
  console.log(isErrorCode('not_found'), scenarios.length > 20);
`;

let app: App;
let server: WholeServer;

beforeAll(async () => {
  app = await createApp({ '@belfry/protocol': `file:${protocolTarball}`, typescript: '^6', '@types/node': '^24' });
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'esnext', lib: ['esnext', 'dom'], types: ['node'] },
    ...{ module: 'nodenext', skipLibCheck: false },
  };
  app.write({
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    'typed.ts': typed,
    'main.js': program,
  });
  server = await startWholeServer();
}, slowMs);

afterAll(async () => {
  await server.stop();
  app.remove();
});

test('its types compile, and a reason that is none is an error', { timeout: slowMs }, async () => {
  expect(await app.run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.')).toBe('');
});

test('its transcripts are played against a running server', async () => {
  expect(await app.run(process.execPath, 'main.js', server.url, apiKey)).toBe('true true\n');
});
