// `npm run build`: brings the browsers' files and the SDK's package up to date and prints their sizes.
import { ensureBrowserBuild } from './browser-build.ts';
import { measureSdk, sizeTable } from './sdk-size.ts';

await ensureBrowserBuild();
console.log(sizeTable(await measureSdk()));
