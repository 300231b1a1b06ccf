// Makes the declarations of the packages for apps outside of this repository, with tsc: the browser SDK, and
// the protocol that it names.
import { dirname, join } from 'node:path';
import { runNode } from './steps.ts';

const root = dirname(import.meta.dirname);

/** Below `platform`. */
export const declaredPackages = ['protocol', 'client'] as const;
export type DeclaredPackage = (typeof declaredPackages)[number];

/** Writes them into `folder`. Rejects with the output of tsc. */
export async function declareTypes(of: DeclaredPackage, folder: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'platform', of, 'tsconfig.types.json');
  const { ok, output } = await runNode([tsc, '-p', project, '--outDir', folder], { cwd: root });
  if (!ok) throw new Error(`no declarations of ${of}:\n${output}`);
}
