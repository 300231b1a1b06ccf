// `npm run pictures [-- <folder> [part of a name ...]]`: pictures of every state of the pages that come with
// Belfry, to be looked at after a change. Each part's own program takes them; this one runs them in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const [folder = 'pictures', ...only] = process.argv.slice(2);
const programs = ['platform/playground/e2e/pictures.ts', 'examples/clinic/e2e/pictures.ts'];

for (const program of programs) {
  const args = [join(root, program), resolve(folder), ...only];
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
  if (code !== 0) {
    process.exitCode = 1;
    break;
  }
}
if (process.exitCode === undefined) console.log(`the pictures are in ${resolve(folder)}`);
