// `npm run pictures [-- <folder> [part of a name ...]]`: pictures of every state of the pages that come with
// Belfry, to be looked at after a change. Each part's own program takes them; this one runs them in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const [folder = 'pictures', ...only] = process.argv.slice(2);
const programs = ['console/e2e/pictures.ts', 'platform/playground/e2e/pictures.ts', 'examples/clinic/e2e/pictures.ts'];

for (const path of programs) {
  const args = [join(root, path), resolve(folder), ...only];
  const program = spawn(process.execPath, args, { stdio: 'inherit' });
  await once(program, 'close');
  process.exitCode = program.exitCode ?? 1;
  if (process.exitCode !== 0) break;
}
if (process.exitCode === 0) console.log(`the pictures are in ${resolve(folder)}`);
