// The import rules of docs/architecture.md ("who may import whom"), each with its reason.
// scripts/import-rules.test.ts proves that each can fail.
import { capabilities, inside, layers } from './scripts/lint/layers.mjs';

const server = '^platform/server/src';
const tests = ['\\.test\\.tsx?$', '/test/'];
const protocol = '^platform/protocol/';
const pluginKit = '^platform/plugin-kit/';

function layerRules({ folder, may, mayTypesOf = [], because }) {
  const from = { path: inside(folder), pathNot: tests };
  const known = [folder, ...may, ...mayTypesOf].map(inside);
  const rule = { name: `server-${folder}`, severity: 'error', comment: because, from };
  const unknown = { ...rule, to: { path: '^(platform|plugins)/', pathNot: ['node_modules/', ...known] } };
  if (mayTypesOf.length === 0) return [unknown];
  const values = { path: mayTypesOf.map(inside), dependencyTypesNot: ['type-only'] };
  return [unknown, { ...rule, name: `server-${folder}-types`, to: values }];
}

/** Matches an npm package as it is resolved on disk, and as it is written where it is not installed. */
function npm(...names) {
  return `(^|node_modules/)(${names.join('|')})(/|$)`;
}

const sqlite = '^(node:)?sqlite$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Files that need each other are one thing, or lack a third. Types count: a cycle of types is read like one of code.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-utils',
      severity: 'error',
      comment: 'A folder or file called utils or helpers says nothing of what is in it. Name it by what it does.',
      from: {},
      to: { path: '(^|/)(utils?|helpers?)(/|[.][^/]+$)', pathNot: 'node_modules/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The imported file or package does not exist. A rule cannot check what it cannot find.',
      from: {},
      // What SvelteKit makes while it builds.
      to: { couldNotResolve: true, pathNot: '^\\$app/' },
    },
    {
      name: 'no-tests-in-source',
      severity: 'error',
      comment:
        'What is shipped does not import tests or their support. Benchmarks are not shipped, and start the same servers.',
      from: { path: '^(platform|plugins)/', pathNot: [...tests, '/e2e/', '^platform/bench/'] },
      to: { path: tests, pathNot: 'node_modules/' },
    },
    {
      name: 'protocol-only-zod',
      severity: 'error',
      comment: 'The protocol runs in browsers and in every other package: zod schemas, nothing else.',
      from: { path: '^platform/protocol/src/', pathNot: tests },
      to: { pathNot: ['^platform/protocol/src/', npm('zod')] },
    },
    {
      name: 'protocol-suite-imports',
      severity: 'error',
      comment:
        'The transcripts check any server, so they know the protocol and zod alone. Node may read them from disk.',
      from: { path: '^platform/protocol/suite/', pathNot: tests },
      to: { pathNot: [protocol, npm('zod')], dependencyTypesNot: ['core'] },
    },
    {
      name: 'plugin-kit-imports',
      severity: 'error',
      comment: 'Plugin authors get all that the kit imports: protocol, zod and semver (and vitest in ./testing).',
      // How its package is made is no part of what plugins import.
      from: { path: '^platform/plugin-kit/src/', pathNot: [...tests, '^platform/plugin-kit/src/testing/'] },
      to: { pathNot: [pluginKit, protocol, npm('zod', 'semver')], dependencyTypesNot: ['core'] },
    },
    {
      name: 'plugin-kit-testing-imports',
      severity: 'error',
      comment: "The kit's ./testing may import vitest beside what the kit itself imports, and nothing more.",
      from: { path: '^platform/plugin-kit/src/testing/', pathNot: tests },
      to: { pathNot: [pluginKit, protocol, npm('zod', 'semver', 'vitest')], dependencyTypesNot: ['core'] },
    },
    {
      name: 'plugins-only-plugin-kit',
      severity: 'error',
      comment:
        'A plugin sees the platform through @belfry/plugin-kit alone, so that the rest can change without breaking it.',
      from: { path: '^plugins/', pathNot: tests },
      to: { path: '^platform/', pathNot: pluginKit },
    },
    {
      name: 'plugins-apart',
      severity: 'error',
      comment: 'Plugins never import each other: each can be taken away by deleting its folder.',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/' },
    },
    {
      name: 'server-without-plugins',
      severity: 'error',
      comment: 'The server finds plugins at start, by folder. One that is imported could not be taken away.',
      from: { path: '^platform/', pathNot: tests },
      to: { path: '^plugins/' },
    },
    {
      name: 'client-only-protocol',
      severity: 'error',
      comment: 'The browser SDK has no dependency but the protocol: every byte of it is downloaded by every visitor.',
      from: { path: '^platform/client/src/', pathNot: tests },
      to: { pathNot: ['^platform/client/src/', protocol, npm('react', '@types/react', 'svelte')] },
    },
    {
      name: 'client-frameworks-apart',
      severity: 'error',
      comment: 'React and Svelte are optional: only the folder of that name may need one.',
      from: { path: '^platform/client/src/', pathNot: [...tests, '^platform/client/src/(react|svelte)/'] },
      to: { path: npm('react', '@types/react', 'svelte') },
    },
    {
      name: 'pages-only-client',
      severity: 'error',
      comment: 'Playground and examples use Belfry as any web app does: through the SDK and the HTTP API.',
      from: { path: '^(platform/playground|examples)/', pathNot: [...tests, '/e2e/'] },
      to: { path: '^(platform|plugins)/', pathNot: ['^$1/', '^platform/client/', protocol] },
    },
    {
      name: 'nobody-imports-pages',
      severity: 'error',
      comment: 'Console, playground, benchmarks and examples are outermost: nothing stands on them.',
      from: { path: '^platform/(protocol|plugin-kit|server|client)/', pathNot: tests },
      to: { path: '^(platform/(playground|bench)|examples|console)/' },
    },
    {
      name: 'console-imports',
      severity: 'error',
      comment:
        'The console speaks with the server through the admin door alone, and knows the protocol, the SDK and the parts of the playground.',
      from: { path: '^console/src/', pathNot: tests },
      to: {
        path: '^(platform|plugins|examples|scripts)/',
        pathNot: ['node_modules/', '^platform/(client|playground)/', protocol],
      },
    },
    {
      name: 'console-features-apart',
      severity: 'error',
      comment: 'Screens of the console do not import each other: what two of them share is a part or a form.',
      from: { path: '^console/src/lib/features/([^/]+)/' },
      to: { path: '^console/src/lib/features/', pathNot: '^console/src/lib/features/$1/' },
    },
    {
      name: 'console-parts-below-screens',
      severity: 'error',
      comment: 'Parts, lists, forms and texts of the console know no screen, so that every screen may use them.',
      from: { path: '^console/src/lib/(ui|lists|forms|texts|api|session)/' },
      to: { path: '^console/src/(lib/features|routes)/' },
    },
    ...layers.flatMap(layerRules),
    {
      name: 'traces-are-loaded-where-they-are-on',
      severity: 'error',
      comment:
        'A server without a collector loads nothing of traces: compose/server.ts imports them when it needs them.',
      from: { path: `${server}/`, pathNot: [...tests, inside('telemetry/tracing'), 'compose/open-tracing[.]ts$'] },
      to: {
        path: [inside('telemetry/tracing'), 'compose/open-tracing[.]ts$'],
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'only-compose-imports-drivers',
      severity: 'error',
      comment: 'compose is the one place that chooses an engine; everything else is given ports.',
      from: { path: `${server}/`, pathNot: [...tests, inside('compose'), inside('drivers')] },
      to: { path: inside('drivers') },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      comment: 'The command line is the outermost ring; only it calls compose.',
      from: { path: `${server}/`, pathNot: [...tests, inside('cli'), inside('compose'), `${server}/main[.]ts$`] },
      to: { path: [inside('cli'), inside('compose')] },
    },
    {
      name: 'engines-only-in-drivers',
      severity: 'error',
      comment:
        'ioredis, bullmq, mongoose and node:sqlite are named by drivers alone: the same code runs on either engine. The benchmarks, which measure engines by themselves too, have no part in it.',
      from: {
        path: '^(platform|plugins)/',
        pathNot: [...tests, inside('drivers'), '^platform/bench/'],
      },
      to: { path: [npm('ioredis', 'bullmq', 'mongoose'), sqlite] },
    },
    {
      name: 'edges-not-in-capabilities',
      severity: 'error',
      comment:
        'Koa and ws belong to the edges. A capability that knows a request or a socket cannot be called from the other edge.',
      from: {
        path: [
          ...capabilities,
          'delivery',
          'broadcasting',
          'commands',
          'hooks',
          'ports',
          'telemetry',
          'config',
          'drivers',
        ].map(inside),
        pathNot: tests,
      },
      to: { path: npm('koa', '@koa', 'koa-[^/]+', '@types/koa[^/]*', 'ws', '@types/ws') },
    },
    {
      name: 'only-compose-imports-egress',
      severity: 'error',
      comment:
        'There is one guard of outgoing calls, with the ranges of OUTBOUND_ALLOW; a part that calls out is given it and may know its type.',
      from: { path: `${server}/`, pathNot: [...tests, inside('compose'), inside('egress')] },
      to: { path: inside('egress'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'undici-only-in-egress',
      severity: 'error',
      comment: 'A second HTTP client would reach addresses that the guard of outgoing calls refuses.',
      from: { path: `${server}/`, pathNot: [...tests, inside('egress')] },
      to: { path: npm('undici') },
    },
    {
      name: 'config-only-zod',
      severity: 'error',
      comment: 'Configuration is one zod schema over the environment and a file; it starts nothing.',
      from: { path: inside('config'), pathNot: tests },
      to: { path: 'node_modules/', pathNot: npm('zod') },
    },
    {
      name: 'telemetry-only-pino-and-prom-client',
      severity: 'error',
      comment:
        'Telemetry logs with pino and counts with prom-client; another library here would be loaded by everything.',
      from: { path: inside('telemetry'), pathNot: tests },
      to: { path: 'node_modules/', pathNot: npm('pino', 'pino-pretty', 'prom-client') },
    },
    {
      name: 'ports-without-packages',
      severity: 'error',
      comment: 'A port that names a library in its types has chosen its driver.',
      from: { path: inside('ports'), pathNot: tests },
      to: { path: 'node_modules/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(data|coverage|dist|\\.svelte-kit|\\.texts)/' },
    // Type-only imports count: they are how folders grow together.
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@belfry/source', 'import', 'types', 'node', 'default'],
    },
  },
};
