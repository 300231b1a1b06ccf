// Builds the console into the folder that is named: `node build.ts <folder>`. Which sources make a new build
// necessary is known to scripts/browser-build.ts.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createBuilder } from 'vite';
import { shellScripts } from '../scripts/console-size.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node build.ts <folder>');
process.env['CONSOLE_OUT'] = resolve(folder);
const builder = await createBuilder({ root: import.meta.dirname, logLevel: 'warn' });
await builder.buildApp();
await nameShell(resolve(folder));

/**
 * The page names what every screen stands in, so that it is fetched at once. SvelteKit names there what it starts with
 * alone: the rest is two round trips later.
 */
async function nameShell(dist: string): Promise<void> {
  const index = join(dist, 'index.html');
  const page = await readFile(index, 'utf8');
  const links = (await shellScripts(dist))
    .filter((file) => !page.includes(file))
    .map((file) => `<link href="/console/${file}" rel="modulepreload">`);
  if (!page.includes('</head>')) throw new Error('the page has no head');
  await writeFile(index, page.replace('</head>', `  ${links.join('\n    ')}\n  </head>`));
}
