// `npm run build`: brings the browsers' files and the SDK's package up to date, prints their sizes, and fails
// where a screen of the console has become too large.
import { ensureBrowserBuild } from './browser-build.ts';
import { consoleTable, isTooLarge, measureConsole } from './console-size.ts';
import { measureSdk, sizeTable } from './sdk-size.ts';

await ensureBrowserBuild();
console.log(sizeTable(await measureSdk()));
const screens = await measureConsole();
console.log(consoleTable(screens));
if (screens.some(isTooLarge)) process.exitCode = 1;
