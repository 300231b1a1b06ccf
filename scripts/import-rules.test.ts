// Plants one forbidden import after another in a small tree and proves that its rule reports it with the
// reason. The rules are in .dependency-cruiser.mjs.
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { cruise, format, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const rules = await extractDepcruiseConfig(join(dirname(import.meta.dirname), '.dependency-cruiser.mjs'));

const server = 'platform/server/src';
const packages = [
  'zod',
  'semver',
  'vitest',
  'koa',
  '@koa/router',
  'ws',
  'ioredis',
  'bullmq',
  'mongoose',
  'pino',
  'commander',
  'undici',
  'react',
  'svelte',
];

/** Every file that an import below may name; all of them together break no rule. */
const targets = [
  'platform/protocol/src/index.ts',
  'platform/protocol/suite/index.ts',
  'platform/plugin-kit/src/index.ts',
  'plugins/one/index.ts',
  'plugins/two/index.ts',
  'platform/client/src/index.ts',
  'platform/playground/src/x.ts',
  'platform/bench/src/x.ts',
  'examples/clinic/src/x.ts',
  'console/src/lib/ui/x.ts',
  'console/src/lib/features/one/x.ts',
  'console/src/lib/features/two/x.ts',
  `${server}/compose/engine.ts`,
  `${server}/telemetry/tracing/x.ts`,
  `${server}/http/support/helpers.ts`,
  `${server}/utils/text.ts`,
  `${server}/sessions/session.test.ts`,
  ...[
    'ports config telemetry concurrency caching sealing drivers egress sessions conversations pages tenancy accounts plugins journey uploads',
    'delivery notifications broadcasting maintenance commands hooks outbound gateway http cli',
  ]
    .join(' ')
    .split(' ')
    .map((folder) => `${server}/${folder}/x.ts`),
];

/** importer, imported, the rule that must report it. */
const forbidden: [from: string, to: string, rule: string][] = [
  ['console/src/lib/ui/a.ts', `${server}/http/x.ts`, 'console-imports'],
  ['console/src/lib/features/one/a.ts', 'console/src/lib/features/two/x.ts', 'console-features-apart'],
  ['console/src/lib/ui/b.ts', 'console/src/lib/features/one/x.ts', 'console-parts-below-screens'],
  [`${server}/http/c.ts`, 'console/src/lib/ui/x.ts', 'nobody-imports-pages'],
  ['platform/protocol/src/a.ts', 'semver', 'protocol-only-zod'],
  ['platform/protocol/src/a.ts', 'node:fs', 'protocol-only-zod'],
  ['platform/protocol/src/a.ts', '@belfry/plugin-kit', 'protocol-only-zod'],
  ['platform/protocol/src/a.ts', 'platform/protocol/suite/index.ts', 'protocol-only-zod'],
  ['platform/protocol/suite/a.ts', 'ws', 'protocol-suite-imports'],
  ['platform/protocol/suite/a.ts', `${server}/ports/x.ts`, 'protocol-suite-imports'],
  ['platform/plugin-kit/src/a.ts', 'pino', 'plugin-kit-imports'],
  ['platform/plugin-kit/src/a.ts', 'vitest', 'plugin-kit-imports'],
  ['platform/plugin-kit/src/a.ts', `${server}/ports/x.ts`, 'plugin-kit-imports'],
  ['platform/plugin-kit/src/testing/a.ts', 'koa', 'plugin-kit-testing-imports'],
  ['plugins/one/a.ts', '@belfry/protocol', 'plugins-only-plugin-kit'],
  ['plugins/one/a.ts', `${server}/ports/x.ts`, 'plugins-only-plugin-kit'],
  ['plugins/one/a.ts', 'plugins/two/index.ts', 'plugins-apart'],
  ['plugins/one/a.test.ts', 'plugins/two/index.ts', 'plugins-apart'],
  [`${server}/plugins/a.ts`, 'plugins/one/index.ts', 'server-without-plugins'],
  [`${server}/ports/a.ts`, `${server}/sessions/x.ts`, 'server-ports'],
  [`${server}/ports/a.ts`, 'ioredis', 'ports-without-packages'],
  [`${server}/config/a.ts`, `${server}/ports/x.ts`, 'server-config'],
  [`${server}/config/a.ts`, 'pino', 'config-only-zod'],
  [`${server}/telemetry/a.ts`, `${server}/config/x.ts`, 'server-telemetry'],
  [`${server}/telemetry/a.ts`, 'commander', 'telemetry-only-pino-and-prom-client'],
  [`${server}/drivers/bus/a.ts`, `${server}/sessions/x.ts`, 'server-drivers'],
  [`${server}/drivers/bus/a.ts`, '@belfry/plugin-kit', 'server-drivers'],
  [`${server}/egress/a.ts`, `${server}/plugins/x.ts`, 'server-egress'],
  [`${server}/http/a.ts`, 'undici', 'undici-only-in-egress'],
  [`${server}/concurrency/a.ts`, `${server}/sessions/x.ts`, 'server-concurrency'],
  [`${server}/caching/a.ts`, `${server}/tenancy/x.ts`, 'server-caching'],
  [`${server}/sealing/a.ts`, `${server}/uploads/x.ts`, 'server-sealing'],
  [`${server}/sessions/a.ts`, `${server}/conversations/x.ts`, 'server-sessions'],
  [`${server}/conversations/a.ts`, `${server}/delivery/x.ts`, 'server-conversations'],
  [`${server}/notifications/a.ts`, `${server}/broadcasting/x.ts`, 'server-notifications'],
  [`${server}/pages/a.ts`, `${server}/uploads/x.ts`, 'server-pages'],
  [`${server}/tenancy/a.ts`, `${server}/config/x.ts`, 'server-tenancy'],
  [`${server}/accounts/a.ts`, `${server}/plugins/x.ts`, 'server-accounts'],
  [`${server}/plugins/a.ts`, `${server}/notifications/x.ts`, 'server-plugins'],
  [`${server}/delivery/a.ts`, `${server}/broadcasting/x.ts`, 'server-delivery'],
  [`${server}/maintenance/a.ts`, `${server}/broadcasting/x.ts`, 'server-maintenance'],
  [`${server}/journey/a.ts`, `${server}/broadcasting/x.ts`, 'server-journey'],
  [`${server}/uploads/a.ts`, `${server}/broadcasting/x.ts`, 'server-uploads'],
  [`${server}/broadcasting/a.ts`, `${server}/commands/x.ts`, 'server-broadcasting'],
  [`${server}/commands/a.ts`, `${server}/gateway/x.ts`, 'server-commands'],
  [`${server}/hooks/a.ts`, `${server}/http/x.ts`, 'server-hooks'],
  [`${server}/outbound/a.ts`, `${server}/http/x.ts`, 'server-outbound'],
  [`${server}/gateway/a.ts`, `${server}/broadcasting/x.ts`, 'server-gateway'],
  [`${server}/gateway/a.ts`, `${server}/tenancy/x.ts`, 'server-gateway'],
  [`${server}/http/a.ts`, `${server}/gateway/x.ts`, 'server-http'],
  [`${server}/cli/a.ts`, `${server}/sessions/x.ts`, 'server-cli'],
  [`${server}/http/a.ts`, `${server}/drivers/x.ts`, 'only-compose-imports-drivers'],
  [`${server}/cli/a.ts`, `${server}/drivers/x.ts`, 'only-compose-imports-drivers'],
  [`${server}/http/a.ts`, `${server}/compose/engine.ts`, 'nobody-imports-cli'],
  [`${server}/http/a.ts`, `${server}/cli/x.ts`, 'nobody-imports-cli'],
  [`${server}/sessions/a.ts`, 'ioredis', 'engines-only-in-drivers'],
  [`${server}/notifications/a.ts`, 'bullmq', 'engines-only-in-drivers'],
  [`${server}/tenancy/a.ts`, 'mongoose', 'engines-only-in-drivers'],
  [`${server}/journey/a.ts`, 'node:sqlite', 'engines-only-in-drivers'],
  [`${server}/commands/a.ts`, 'koa', 'edges-not-in-capabilities'],
  [`${server}/hooks/a.ts`, '@koa/router', 'edges-not-in-capabilities'],
  [`${server}/broadcasting/a.ts`, 'ws', 'edges-not-in-capabilities'],
  [`${server}/http/a.ts`, `${server}/utils/text.ts`, 'no-utils'],
  [`${server}/http/a.ts`, `${server}/http/support/helpers.ts`, 'no-utils'],
  [`${server}/http/a.ts`, `${server}/http/nowhere.ts`, 'no-unresolvable'],
  [`${server}/sessions/a.ts`, `${server}/sessions/session.test.ts`, 'no-tests-in-source'],
  ['platform/client/src/a.ts', 'zod', 'client-only-protocol'],
  ['platform/client/src/a.ts', `${server}/ports/x.ts`, 'client-only-protocol'],
  ['platform/client/src/a.ts', 'react', 'client-frameworks-apart'],
  ['platform/client/src/chat/a.ts', 'svelte', 'client-frameworks-apart'],
  ['platform/playground/src/a.ts', `${server}/ports/x.ts`, 'pages-only-client'],
  ['examples/clinic/src/a.ts', 'platform/playground/src/x.ts', 'pages-only-client'],
  [`${server}/http/a.ts`, 'platform/playground/src/x.ts', 'nobody-imports-pages'],
  ['platform/client/src/a.ts', 'examples/clinic/src/x.ts', 'nobody-imports-pages'],
];

/** Values alone are forbidden: the types of what stands below are allowed. */
const forbiddenValues: [from: string, to: string, rule: string][] = [
  ['accounts', 'tenancy'],
  ['plugins', 'tenancy'],
  ['pages', 'plugins'],
  ['uploads', 'pages'],
  ['journey', 'uploads'],
  ['sessions', 'journey'],
  ['conversations', 'sessions'],
  ['notifications', 'delivery'],
  ['plugins', 'egress', 'only-compose-imports-egress'],
  ['outbound', 'egress'],
  ['compose', 'telemetry/tracing', 'traces-are-loaded-where-they-are-on'],
].map(([folder = '', below = '', rule = `server-${folder}-types`]) => [
  `${server}/${folder}/a.ts`,
  `${server}/${below}/x.ts`,
  rule,
]);

const allowed: [from: string, to: string][] = [
  ['platform/protocol/src/a.ts', 'zod'],
  ['platform/protocol/suite/a.ts', 'platform/protocol/src/index.ts'],
  ['platform/protocol/suite/a.ts', 'node:fs'],
  ['platform/plugin-kit/src/a.ts', '@belfry/protocol'],
  ['platform/plugin-kit/src/testing/a.ts', 'vitest'],
  ['plugins/one/a.ts', '@belfry/plugin-kit'],
  ['platform/client/src/a.ts', '@belfry/protocol'],
  ['platform/client/src/react/a.ts', 'react'],
  ['platform/client/src/svelte/a.ts', 'svelte'],
  ['platform/client/src/a.test.ts', `${server}/ports/x.ts`],
  ['platform/playground/src/a.ts', 'platform/client/src/index.ts'],
  ['examples/clinic/src/a.ts', 'react'],
  ['platform/bench/src/a.ts', `${server}/drivers/x.ts`],
  ['plugins/one/a.ts', 'node:crypto'],
  ['plugins/one/a.ts', 'plugins/one/index.ts'],
  [`${server}/config/a.ts`, 'node:fs'],
  [`${server}/telemetry/a.ts`, 'pino'],
  [`${server}/drivers/bus/a.ts`, 'ioredis'],
  [`${server}/drivers/bus/a.ts`, '@belfry/protocol'],
  [`${server}/drivers/stores/a.ts`, 'node:sqlite'],
  [`${server}/sessions/a.ts`, `${server}/ports/x.ts`],
  [`${server}/sessions/a.ts`, '@belfry/protocol'],
  [`${server}/broadcasting/a.ts`, `${server}/sessions/x.ts`],
  [`${server}/delivery/a.ts`, `${server}/sessions/x.ts`],
  ...forbiddenValues.map(([from, to]): [string, string] => [from, to]),
  [`${server}/gateway/a.ts`, 'ws'],
  [`${server}/gateway/a.ts`, `${server}/commands/x.ts`],
  [`${server}/http/a.ts`, 'koa'],
  [`${server}/http/a.ts`, `${server}/hooks/x.ts`],
  [`${server}/http/a.ts`, `${server}/outbound/x.ts`],
  [`${server}/outbound/a.ts`, `${server}/hooks/x.ts`],
  [`${server}/compose/a.ts`, `${server}/drivers/x.ts`],
  [`${server}/cli/a.ts`, `${server}/compose/engine.ts`],
  [`${server}/sessions/a.test.ts`, `${server}/drivers/x.ts`],
  ['platform/server/test/support/a.ts', 'plugins/one/index.ts'],
];

let tree: string;

/**
 * A planted tree takes milliseconds, the cruise most of a second: so all imports are planted at once, each in
 * a file of its own.
 */
let reported: Map<string, string[]>;

/** The output of `npm run check`, without its line breaks and colours. */
let printed: string;

beforeAll(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'belfry-imports-')));
  await plantPackages();
  for (const target of targets) await plant(target, 'export const x = 1;\n');
  await Promise.all(
    [...forbidden, ...allowed].map(async ([from, to]) => {
      await plant(fileFor(from, to), `import type { X } from '${specifier(from, to)}';\nexport type Y = X;\n`);
    }),
  );
  for (const [from, to] of forbiddenValues) {
    await plant(valueFileFor(from, to), `import { x } from '${specifier(from, to)}';\nexport const y = x;\n`);
  }
  await plant(`${server}/http/loop-a.ts`, "import { b } from './loop-b.ts';\nexport const a = () => b;\n");
  await plant(`${server}/http/loop-b.ts`, "import { a } from './loop-a.ts';\nexport const b = () => a;\n");
  const result = await cruiseTree();
  reported = new Map();
  for (const { from, rule } of result.summary.violations) {
    reported.set(from, [...(reported.get(from) ?? []), rule.name]);
  }
  const { output } = await format(result, { outputType: 'err-long' });
  printed = plain(output as string);
});

afterAll(async () => {
  await rm(tree, { recursive: true, force: true });
});

describe('reports', () => {
  test.each(forbidden)('%s importing %s, as %s', (from, to, rule) => {
    expect(reported.get(fileFor(from, to))).toContain(rule);
  });

  test.each(forbiddenValues)('%s importing a value of %s, as %s', (from, to, rule) => {
    expect(reported.get(valueFileFor(from, to))).toContain(rule);
  });

  test('two files that import each other, as no-cycles', () => {
    expect(reported.get(`${server}/http/loop-a.ts`)).toContain('no-cycles');
  });

  test('with every rule there is: none of them is unable to fail', () => {
    const seen = new Set([...reported.values()].flat());
    expect(rules.forbidden?.map(({ name }) => name).filter((name) => !seen.has(name ?? ''))).toEqual([]);
  });

  test.each(rules.forbidden ?? [])('$name with its reason', ({ name, comment }) => {
    expect(comment).toMatch(/\w+ \w+/);
    expect(printed).toContain(`error ${String(name)}:`);
    expect(printed).toContain(plain(comment ?? ''));
  });
});

describe('allows', () => {
  test.each(allowed)('%s importing %s', (from, to) => {
    expect(reported.get(fileFor(from, to)) ?? []).toEqual([]);
  });
});

async function cruiseTree(): Promise<ICruiseResult> {
  const { forbidden: ruleSet, options } = rules;
  const { output } = await cruise(['platform', 'plugins', 'examples', 'console'], {
    ...options,
    baseDir: tree,
    validate: true,
    ruleSet: { forbidden: ruleSet ?? [] },
  });
  return output as ICruiseResult;
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/g, ' ');
}

/** `a.ts` becomes `a-imports-<imported>.ts`, so that each import has a file of its own. */
function valueFileFor(from: string, to: string): string {
  return fileFor(from, to).replace('a-imports-', 'a-imports-a-value-of-');
}

function fileFor(from: string, to: string): string {
  if (!/\/a(\.test)?\.ts$/.test(from)) return from;
  return from.replace(/\/a(\.test)?\.ts$/, `/a-imports-${to.replaceAll(/[^a-z]+/g, '-')}$1.ts`);
}

function specifier(from: string, to: string): string {
  if (!/^(platform|plugins|examples)\//.test(to)) return to;
  return `${'../'.repeat(from.split('/').length - 1)}${to}`;
}

async function plant(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), text);
}

/** Installed packages as stubs, and the workspaces as the symbolic links that npm makes. */
async function plantPackages(): Promise<void> {
  for (const name of packages) {
    await plant(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    await plant(`node_modules/${name}/index.js`, 'export {};\n');
  }
  await mkdir(join(tree, 'node_modules/@belfry'), { recursive: true });
  const root = dirname(import.meta.dirname);
  for (const name of ['protocol', 'plugin-kit']) {
    await mkdir(join(tree, 'platform', name), { recursive: true });
    await cp(join(root, 'platform', name, 'package.json'), join(tree, 'platform', name, 'package.json'));
    await symlink(`../../platform/${name}`, join(tree, 'node_modules/@belfry', name));
  }
}
