// Definitions: a sound one becomes a plugin; everything wrong with another is reported at once, with its
// path.
import { expect, test } from 'vitest';
import {
  accepted,
  checkPlugin,
  defineMessageType,
  defineNotificationProvider,
  PluginDefinitionError,
  secret,
  z,
} from './index.ts';

const provider = {
  id: 'sound',
  channel: 'push',
  displayName: 'Sound',
  description: 'Nothing wrong with it.',
  config: z.strictObject({ key: secret(z.string()) }),
  target: z.strictObject({ token: z.string() }),
  setup: () => ({ send: () => accepted() }),
} as const;

const type = {
  id: 'sound',
  version: 1,
  schema: z.strictObject({ text: z.string() }),
  limits: { bytes: 100 },
  preview: () => ({ body: 'x' }),
} as const;

function problemsOf(define: () => unknown): readonly string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof PluginDefinitionError) return error.problems;
    throw error;
  }
  return [];
}

test('a sound provider is frozen, tagged with its kind and the version of the contract, and a plugin to the host', () => {
  const plugin = defineNotificationProvider(provider);

  expect(plugin).toMatchObject({ kind: 'notification-provider', api: '1.7.0', limits: {}, supports: {} });
  expect(Object.isFrozen(plugin) && Object.isFrozen(plugin.limits) && Object.isFrozen(plugin.supports)).toBe(true);
  expect(checkPlugin(plugin)).toMatchObject({ ok: true, plugin: { id: 'sound' } });
});

test('a sound message type likewise', () => {
  const plugin = defineMessageType(type);

  expect(plugin).toMatchObject({ kind: 'message-type', api: '1.7.0', version: 1 });
  expect(Object.isFrozen(plugin) && Object.isFrozen(plugin.limits)).toBe(true);
  expect(checkPlugin(plugin)).toMatchObject({ ok: true, plugin: { id: 'sound' } });
});

test('the types of configuration, target and content reach the author', () => {
  defineNotificationProvider({
    ...provider,
    setup: ({ config }) => ({
      send: ({ device }) => accepted(config.key + device.target.token),
    }),
  });
  // @ts-expect-error the schema has no such field
  defineMessageType({ ...type, preview: ({ txt }) => ({ body: txt }) });
});

test('everything wrong with a provider is said at once', () => {
  const wrong: unknown = {
    ...provider,
    id: 'No Id',
    channel: 'pigeon',
    docsUrl: 'javascript:alert(1)',
    target: z.string(),
    limits: { bodyChars: -1, bodyCharacters: 5 },
    setup: undefined,
    sendAll: () => undefined,
  };

  const problems = problemsOf(() => defineNotificationProvider(wrong as typeof provider));

  expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual(
    ['id', 'channel', 'docsUrl', 'target', 'limits.bodyChars', 'limits.bodyCharacters', 'setup', 'sendAll'].toSorted(),
  );
});

test.each<[what: string, schema: unknown, reason: string]>([
  ['no schema', { type: 'object' }, 'must be a zod schema'],
  ['the schema of a text', z.string(), 'must be the schema of an object'],
  ['a schema JSON cannot carry', z.strictObject({ at: z.date() }), 'cannot be written as JSON Schema'],
  ['a schema that contains itself', recursive(), 'must not contain itself'],
])('a configuration that is %s is refused', (_what, config, reason) => {
  const problems = problemsOf(() =>
    defineNotificationProvider({ ...provider, config: config as typeof provider.config }),
  );

  expect(problems).toEqual([expect.stringContaining(`config: ${reason}`)]);
});

function recursive() {
  const node = z.object({
    key: secret(z.string()),
    get next() {
      return node.optional();
    },
  });
  return node;
}

test('a message type of a later version must upgrade what was stored before', () => {
  expect(problemsOf(() => defineMessageType({ ...type, version: 2 }))).toEqual([
    'upgrade: is needed from version 2 on: stored messages are older',
  ]);
});

test('even no definition comes out as a list of problems', () => {
  expect(problemsOf(() => defineNotificationProvider(undefined as unknown as typeof provider))).toContain(
    'setup: must be a function',
  );
  expect(problemsOf(() => defineMessageType(null as unknown as typeof type))).toContain('preview: must be a function');
});
