// How the messages become code: both languages in the function of a message, and the language asked for with
// every call, so that a change of it needs no reload. The messages are in messages/.
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { CompilerOptions } from '@inlang/paraglide-js';

/**
 * Writes one file after the other. The compiler writes all of them at once and drops those that fail: where few files
 * may be open, as in the build of an image, functions of messages would be missing.
 */
const writeFile = async (path: string, content: string): Promise<void> => fs.writeFileSync(path, content);

export const texts: CompilerOptions = {
  project: join(import.meta.dirname, 'project.inlang'),
  outdir: join(import.meta.dirname, '.texts'),
  // Both are set by what the person chose, see src/lib/texts/language.svelte.ts.
  strategy: ['globalVariable', 'baseLocale'],
  emitGitIgnore: false,
  emitPrettierIgnore: false,
  outputStructure: 'message-modules',
  fs: { ...fs, promises: { ...fs.promises, writeFile } },
};
