// Writes what the console's sources import and nobody commits: the functions of the messages, and the types of
// the routes. Editors and `npm run check` need both; a build makes them by itself.
import { spawnSync } from 'node:child_process';
import { chdir } from 'node:process';
import { compile } from '@inlang/paraglide-js';
import { texts } from './texts.ts';

chdir(import.meta.dirname);
await compile(texts);
const kit = new URL(import.meta.resolve('@sveltejs/kit/package.json'));
const { status, stderr } = spawnSync(process.execPath, [new URL('svelte-kit.js', kit).pathname, 'sync'], {
  encoding: 'utf8',
});
if (status !== 0) throw new Error(stderr);
