// What `npm test` runs, and which files share a process. Which suites a machine can run is decided in
// scripts/parts.ts.
import { globSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import base from './scripts/test-config.ts';

/**
 * Folders whose files follow each other in one process: the sources are read and compiled once, not once a file,
 * which is a third of what their tests take of the processor. They leave nothing behind: scripts/take-back.ts takes
 * stubs back after each file, and scripts/leak-check.ts looks for what is open.
 */
const sharing = [
  'platform/{protocol,plugin-kit,client,server}/src',
  'platform/server/test/{scenarios,hostile,isolation,explain,erasure,fairness}',
  'platform/client/test',
  'plugins',
  'console/src',
];
/** Of these, the files that have a process of their own: they replace modules, measure memory, or start programs. */
const alone = [
  'platform/client/src/{features/load-features,svelte/svelte}.test.ts',
  'platform/client/src/{element,push,react,surroundings}/**',
  'platform/client/test/packages/**',
  'platform/server/src/cli/**',
  'platform/server/src/drivers/**/{redis,bullmq,mongo}/**',
  'platform/server/src/sessions/connection-history-size.test.ts',
  'platform/server/src/uploads/content-check.test.ts',
  'platform/server/test/hostile/{properties,start}.test.ts',
  'console/src/lib/features/messages/outcome.test.ts',
];

const all = '{platform,plugins,scripts,examples,console}/**/*.test.{ts,tsx}';
const shared = globSync(
  sharing.map((folder) => `${folder}/**/*.test.{ts,tsx}`),
  { cwd: import.meta.dirname, exclude: [...alone, ...(base.test?.exclude ?? [])] },
);

/** Vitest gives these to the run as a whole, and not to its projects. */
const leftOut = process.argv.flatMap((word) => /^--exclude=(.+)$/.exec(word)?.[1] ?? []);

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      { extends: true, test: { name: 'alone', include: [all], exclude: [...shared, ...leftOut] } },
      { extends: true, test: { name: 'shared', include: shared, exclude: leftOut, isolate: false } },
    ],
  },
});
