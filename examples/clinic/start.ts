// `npm run example:clinic`: starts Belfry and the clinic, prints where it is, and ends both on Ctrl-C, or when
// whatever started it is gone. `--dev` serves the app from its sources.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowserBuild } from '../../scripts/browser-build.ts';
import { createClinic } from './server.ts';
import { createBelfryApi } from './server/belfry-api.ts';
import { startBelfry, type BelfryLine } from './server/belfry-process.ts';
import { openDataFolder, usualPort } from './server/data-folder.ts';
import { onParentGone } from './server/parent-gone.ts';
import { readProvisioning, replaceSecrets, writeProvisioning } from './server/provisioning.ts';
import { seedConversations } from './server/seed.ts';
import { createStaticFiles } from './server/static-files.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: String(usualPort) },
    'belfry-port': { type: 'string', default: '0' },
    dev: { type: 'boolean', default: false },
  },
});

/** Ten minutes: renewals go unnoticed, and a stolen token is soon worth nothing. */
const tokenSeconds = 600;

// Until everything runs nothing needs to end in order: Belfry ends with this process.
let stop: () => void | Promise<void> = () => process.exit(130);
// More than once: npm passes on the Ctrl-C that this process got from the terminal already.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
onParentGone(() => void stop());

await ensureBrowserBuild({ withExamples: !options.dev });

// The clinic listens first: Belfry is told which origin its pages come from.
const server = createServer().listen(Number(options.port), '127.0.0.1');
await once(server, 'listening').catch((error: unknown) => {
  console.error(`Port ${options.port} cannot be used (${error instanceof Error ? error.message : String(error)}).`);
  console.error('A second clinic beside the first: npm run example:clinic -- --port 0');
  process.exit(1);
});
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const dataFolder = openDataFolder(Number(options.port));
const provisionFile = join(dataFolder, 'provision.yaml');
const { plan, app } = readProvisioning();
const apiKey = replaceSecrets(app);
app.allowedOrigins = [origin];
writeProvisioning(provisionFile, plan);

const belfry = await startBelfry({
  port: Number(options['belfry-port']),
  dataFolder,
  provisionFile,
  onLine: show,
});
const api = createBelfryApi({ url: belfry.url, apiKey });
await seedConversations(api, { opening: true });

const vite = options.dev ? await (await import('./server/serve-vite.ts')).serveVite() : undefined;
const serveFile = createStaticFiles({ folder: join(import.meta.dirname, 'dist'), belfryUrl: belfry.url });
server.on(
  'request',
  createClinic({
    belfry: api,
    client: { belfryUrl: belfry.url, app: app.key },
    tokenSeconds,
    serveApp: vite?.serve ?? serveFile,
  }),
);
console.log(`The clinic is open at ${origin} (Ctrl-C closes it)`);

let isStopping = false;
stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  server.close();
  server.closeAllConnections();
  await Promise.all([belfry.stop(), vite?.close()]);
};
// Without Belfry the clinic cannot work.
void belfry.ended.then((code) => {
  if (isStopping) return;
  console.error(`Belfry ended with ${String(code)}`);
  process.exitCode = 1;
  void stop();
});

function show({ level, msg, ...rest }: BelfryLine): void {
  // With its secret, which no page of the clinic knows.
  if (msg === 'listening') console.log(`Belfry's playground is at ${String(rest['playground'])}`);
  if (level !== 'info' && level !== 'debug') console.error(`belfry ${level}: ${msg} ${JSON.stringify(rest)}`);
}
