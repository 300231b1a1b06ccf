// What all runs of vitest have in common: `npm test`, and those that are called by name (test:browser, test:bench
// and others). Which files a run takes is in the configuration of each.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages that are built (the browser SDK) are tested as they are written.
  // Not `module`: it names files for bundlers, which Node cannot load (the S3 client has such).
  ssr: { resolve: { conditions: ['@belfry/source', 'node', 'development|production'] } },
  resolve: { conditions: ['@belfry/source', 'module', 'browser', 'development|production'] },
  test: {
    exclude: ['**/node_modules/**', '**/data/**', '**/dist/**'],
    // A process per file: server tests open sockets, start worker threads and change process-wide state.
    pool: 'forks',
    isolate: true,
    // Most tests wait more than they compute: with as many as there are cores, half of the time nobody works.
    maxWorkers: availableParallelism() + 2,
    setupFiles: ['scripts/leak-check.ts', 'scripts/take-back.ts', 'scripts/patient-waits.ts'],
    // A run of the whole servers on the cluster engine: `npm run test:cluster`.
    globalSetup: process.env['TEST_ENGINE'] === 'cluster' ? ['platform/server/test/support/cluster-setup.ts'] : [],
    passWithNoTests: false,
    // A machine busy with other things is slow, not wrong; a wait that never ends still fails.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Of `vi.waitFor`: scripts/patient-waits.ts.
    expect: { poll: { timeout: 10_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
