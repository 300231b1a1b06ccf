// `npm run build`: brings what browsers load up to date and prints how large it is. With --types also the SDK's declarations, for publishing.
import { dirname, join } from 'node:path';
import { ensureBrowserBuild } from './browser-build.ts';
import { measureSdk, sizeTable } from './sdk-size.ts';
import { runNode } from './steps.ts';

const root = dirname(import.meta.dirname);

await ensureBrowserBuild();
if (process.argv.includes('--types')) await declareTypes();
console.log(sizeTable(await measureSdk()));

async function declareTypes(): Promise<void> {
  const client = join(root, 'platform/client');
  const { ok, output } = await runNode([join(root, 'node_modules/.bin/tsc'), '-p', 'tsconfig.types.json'], {
    cwd: client,
  });
  if (!ok) throw new Error(`no declarations:\n${output}`);
  console.log('wrote platform/client/dist/types');
}
