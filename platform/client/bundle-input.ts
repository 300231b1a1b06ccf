// What of src/ is built and how it is read, for the files that browsers load (bundle.ts) and the package for
// npm (npm-package.ts) alike.
import type { InputOptions } from 'rolldown';

/** Names are those of the files under /sdk/. */
export const modules = {
  index: 'src/index.ts',
  chat: 'src/chat/index.ts',
  push: 'src/push/index.ts',
  element: 'src/element/index.ts',
  react: 'src/react/index.ts',
  svelte: 'src/svelte/index.ts',
};
export const serviceWorker = { 'belfry-service-worker': 'src/service-worker/index.ts' };

/** The application's own copies: two Reacts on a page do not work. */
export const external = [/^react($|\/)/, /^svelte($|\/)/];

/** The oldest browsers that are promised: docs/browsers.md. */
export const browsers = ['chrome111', 'edge111', 'firefox115', 'safari16.4'];

export function input(entries: Record<string, string>): InputOptions {
  return {
    cwd: import.meta.dirname,
    input: entries,
    platform: 'browser',
    resolve: { conditionNames: ['@belfry/source', 'browser', 'import', 'default'] },
    transform: { target: browsers },
    tsconfig: 'tsconfig.json',
    logLevel: 'warn',
  };
}
