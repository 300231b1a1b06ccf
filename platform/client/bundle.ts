// `node bundle.ts <folder>`: makes what browsers load of the SDK out of src/: ES modules that share chunks,
// one file for a script tag, one service worker.
// When to build is decided by scripts/browser-build.ts.
import { build, type InputOptions, type OutputChunk, type OutputOptions } from 'rolldown';

/** Names are those of package.json's exports, files their sources. */
const modules = {
  index: 'src/index.ts',
  chat: 'src/chat/index.ts',
  push: 'src/push/index.ts',
  element: 'src/element/index.ts',
  react: 'src/react/index.ts',
  svelte: 'src/svelte/index.ts',
};

/** The application's own copies: two Reacts on a page do not work. */
const external = [/^react($|\/)/, /^svelte($|\/)/];

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
  await build({ ...input({ 'belfry-service-worker': 'src/service-worker/index.ts' }), output: oneFile }),
];
refuseSchemas(results.flatMap((result) => result.output).filter((part) => part.type === 'chunk'));

function input(entries: Record<string, string>): InputOptions {
  return {
    cwd: import.meta.dirname,
    input: entries,
    platform: 'browser',
    resolve: { conditionNames: ['@belfry/source', 'browser', 'import', 'default'] },
    tsconfig: 'tsconfig.json',
    logLevel: 'warn',
  };
}

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
