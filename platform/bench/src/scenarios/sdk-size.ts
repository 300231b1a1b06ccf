// The files that a web page has to load: the built browser SDK, compressed as a web server would. Measured by
// scripts/sdk-size.ts.
import { measureSdk } from '../../../../scripts/sdk-size.ts';
import type { Scenario } from '../scenario.ts';

export const sdkSize: Scenario = {
  name: 'sdk-size',
  about: 'The browser SDK as `npm run build` makes it, gzipped.',
  async run(bench) {
    const sizes = await measureSdk().catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (sizes === undefined) {
      bench.say('not built: npm run build');
      return { figures: [], reaches: [], notes: ['Not built: `npm run build` builds it.'] };
    }
    const kilobytes = (bytes: number): number => bytes / 1024;
    for (const { what, gzipBytes } of sizes) bench.say(`${what}: ${kilobytes(gzipBytes).toFixed(2)} KB`);
    return {
      figures: sizes.map(({ what, gzipBytes }) => ({
        ...{ of: what, what: 'gzip', unit: 'KB', values: [kilobytes(gzipBytes)] },
      })),
      reaches: sizes.flatMap(({ what, gzipBytes, reachBytes }) =>
        reachBytes === undefined
          ? []
          : [{ what, value: kilobytes(gzipBytes), bound: { most: kilobytes(reachBytes) }, unit: 'KB' }],
      ),
    };
  },
};
