// Builds the console into the folder that is named: `node build.ts <folder>`. Which sources make a new build
// necessary is known to scripts/browser-build.ts.
import { resolve } from 'node:path';
import { createBuilder } from 'vite';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node build.ts <folder>');
process.env['CONSOLE_OUT'] = resolve(folder);
const builder = await createBuilder({ root: import.meta.dirname, logLevel: 'warn' });
await builder.buildApp();
