// `node bundle.ts <folder>`: makes what browsers load of the SDK out of src/: ES modules that share chunks,
// one file for a script tag, one service worker. The package for npm is npm-package.ts's.
// When to build is decided by scripts/browser-build.ts.
import { build, type OutputChunk, type OutputOptions } from 'rolldown';
import { external, input, modules, serviceWorker } from './bundle-input.ts';

const outDir = process.argv[2];
if (outDir === undefined) throw new Error('usage: node bundle.ts <folder>');
const output: OutputOptions = { dir: outDir, minify: true, sourcemap: true, comments: false };
const oneFile: OutputOptions = { ...output, format: 'iife', codeSplitting: false };
const results = [
  await build({
    ...input(modules),
    external,
    // Code that all of the SDK shares is in the core, which exports it under short names beside its own: no
    // page has a chat or a feature without it.
    preserveEntrySignatures: 'allow-extension',
    output: {
      ...output,
      format: 'esm',
      chunkFileNames: 'chunks/[name]-[hash].js',
      codeSplitting: {
        groups: [
          { name: 'core', test: /[\\/]client[\\/]src[\\/]index[.]ts$/ },
          // Pages with messaging fetch the queue in any case, and they are those that call HTTP.
          { name: 'queue', test: /[\\/]client[\\/]src[\\/](http|queue[\\/]message-queue)[.]ts$/ },
        ],
      },
    },
  }),
  await build({ ...input({ 'belfry.global': 'src/global.ts' }), output: { ...oneFile, name: 'Belfry' } }),
  await build({ ...input(serviceWorker), output: oneFile }),
];
refuseSchemas(results.flatMap((result) => result.output).filter((part) => part.type === 'chunk'));

/**
 * Of the protocol, browsers load tables and functions: its schemas are several times the size of the whole
 * SDK.
 */
function refuseSchemas(chunks: readonly OutputChunk[]): void {
  for (const { fileName, moduleIds } of chunks) {
    if (!moduleIds.some((id) => /[\\/]node_modules[\\/]zod[\\/]/.test(id))) continue;
    const files = moduleIds.filter((id) => id.includes('protocol')).map((id) => id.split(/[\\/]/).at(-1));
    throw new Error(
      `${fileName} would hold zod: something it imports is in a file of @belfry/protocol with schemas. In it are ${files.join(', ')}`,
    );
  }
}
