// The host's check of foreign objects: it never throws, whatever it is given, and its result cannot be
// changed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accepted,
  checkPlugin,
  checkProviderInstance,
  defineMessageType,
  defineNotificationProvider,
  z,
} from './index.ts';

const sound = defineMessageType({
  id: 'sound',
  version: 1,
  schema: z.strictObject({}),
  limits: { bytes: 100 },
  preview: () => ({ body: '' }),
});
const provider = defineNotificationProvider({
  id: 'sound',
  channel: 'push',
  displayName: 'Sound',
  description: 'Nothing wrong with it.',
  config: z.strictObject({}),
  target: z.strictObject({}),
  setup: () => ({ send: () => accepted() }),
});

const bomb = (): never => {
  throw new Error('boom');
};
const hostile = new Proxy(
  {},
  { get: bomb, ownKeys: bomb, has: bomb, getOwnPropertyDescriptor: bomb, getPrototypeOf: bomb },
);

test.each<[what: string, value: unknown]>([
  ['undefined', undefined],
  ['a function', () => sound],
  ['an array', [sound]],
  ['a proxy that throws at every touch', hostile],
  ['a getter that throws', Object.defineProperty({ ...sound }, 'id', { get: bomb, enumerable: true })],
  [
    'a getter that throws what cannot be read',
    Object.defineProperty({ ...sound }, 'id', {
      get() {
        // Plugins throw anything; this one cannot even be made a text.
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw hostile;
      },
      enumerable: true,
    }),
  ],
  ['hostile parts', { ...sound, limits: hostile, schema: hostile, version: hostile }],
  ['a schema that throws', { ...sound, schema: { _zod: hostile, safeParse: bomb } }],
  ['another kind', { ...sound, kind: 'storage' }],
  ['a promise', Promise.resolve(sound)],
])('%s is no plugin, and said to be none without a throw', (_what, value) => {
  const checked = checkPlugin(value);

  expect(checked).toMatchObject({ ok: false, problems: [expect.any(String)] });
});

test('never throws on anything', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (part) => {
      for (const name of Object.keys(sound)) {
        const checked = checkPlugin({ ...sound, [name]: part });
        expect(typeof checked.ok).toBe('boolean');
      }
      expect(checkPlugin(part).ok).toBe(false);
    }),
  );
});

test('reads each property once, so that a plugin cannot be another one later', () => {
  let reads = 0;
  const shifting = Object.defineProperty({ ...sound }, 'id', {
    get: () => `id-${(reads += 1)}`,
    enumerable: true,
  });

  const checked = checkPlugin(shifting);

  expect(checked).toMatchObject({ ok: true, plugin: { id: 'id-1' } });
  expect(checked.ok && checked.plugin.id).toBe('id-1');
  expect(reads).toBe(1);
});

test.each<[what: string, value: unknown]>([
  ['nothing', undefined],
  ['no send', { close: () => undefined }],
  ['a send that is no method', { send: 'now' }],
  ['a close that is no method', { send: () => undefined, close: true }],
  ['a method the plugin does not claim', { send: () => undefined, clear: () => undefined }],
  ['a proxy that throws', hostile],
])('what setup returned is refused where it has %s', (_what, value) => {
  expect(checkProviderInstance(value, provider)).toMatchObject({ ok: false, problems: [expect.any(String)] });
});
