// The tests that `npm run test:cluster` runs on the cluster engine: all with a whole server in them, but those
// of the embedded engine alone, each with its reason. Does not run any test.

export interface LeftOut {
  /** From the root of the repository. */
  file: string;
  /** One test of the file; all of it when left out. */
  test?: string;
  reason: string;
}

export const suitesOnCluster: readonly string[] = [
  ...['scenarios', 'hostile', 'isolation', 'explain', 'erasure'].map((folder) => `platform/server/test/${folder}`),
  ...['bad-network', 'explain', 'list-mirror', 'real-chat', 'real-server', 'restart', 'topics'].map(
    (name) => `platform/client/test/${name}.test.ts`,
  ),
  ...['platform/playground/e2e', 'examples/clinic/e2e'],
];

export const leftOutOnCluster: readonly LeftOut[] = [
  {
    file: 'platform/server/test/scenarios/restore.test.ts',
    reason: 'is about copies of the data file; MongoDB is restored by its own means',
  },
  {
    file: 'platform/server/test/hostile/start.test.ts',
    reason: 'is about broken data files, and configurations that are refused before there is an engine',
  },
  {
    file: 'platform/server/test/scenarios/durability.test.ts',
    test: 'ends with 78 when another process has its data',
    reason: 'is about the lock of the data file; nodes of a cluster share theirs',
  },
];

/** Of vitest: what it runs, and what of that it does not. */
export function clusterArguments(leftOut: readonly LeftOut[] = leftOutOnCluster): string[] {
  const names = leftOut.flatMap(({ test }) => test ?? []);
  const notNamed = names.map((name) => `(?!.*${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$)`).join('');
  return [
    ...leftOut.filter(({ test }) => test === undefined).map(({ file }) => `--exclude=${file}`),
    ...(names.length === 0 ? [] : [`--testNamePattern=^${notNamed}`]),
  ];
}
