// `npm run build`: brings the browsers' files up to date and prints their sizes. With --types also the SDK's
// declarations, for publishing.
import { dirname, join } from 'node:path';
import { ensureBrowserBuild } from './browser-build.ts';
import { declaredPackages, declareTypes } from './declarations.ts';
import { measureSdk, sizeTable } from './sdk-size.ts';

const root = dirname(import.meta.dirname);

await ensureBrowserBuild();
if (process.argv.includes('--types')) {
  for (const of of declaredPackages) {
    await declareTypes(of, join(root, 'platform', of, 'dist/types'));
    console.log(`wrote platform/${of}/dist/types`);
  }
}
console.log(sizeTable(await measureSdk()));
