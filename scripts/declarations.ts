// The declarations of the packages that an app outside of this repository may have: of the browser SDK, and of the protocol that it names. Made with tsc, for publishing.
import { dirname, join } from 'node:path';
import { runNode } from './steps.ts';

const root = dirname(import.meta.dirname);

/** Below `platform`. */
export const declaredPackages = ['protocol', 'client'] as const;
export type DeclaredPackage = (typeof declaredPackages)[number];

/** Writes them into `folder`. Rejects with what tsc said. */
export async function declareTypes(of: DeclaredPackage, folder: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'platform', of, 'tsconfig.types.json');
  const { ok, output } = await runNode([tsc, '-p', project, '--outDir', folder], { cwd: root });
  if (!ok) throw new Error(`no declarations of ${of}:\n${output}`);
}
