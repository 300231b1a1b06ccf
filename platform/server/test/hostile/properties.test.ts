// Any JSON to any route, and any text in a frame: the answer is one that is documented, never a defect, and
// the process lives.

import { isErrorCode } from '@belfry/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { routeTable } from '../../src/http/doors/public/route-table.ts';
import { keys, startAttackedServer, type AttackedServer } from './attacked-server.ts';
import { opcodes, RawWebSocket } from './raw-web-socket.ts';

let attacked: AttackedServer;
beforeAll(async () => {
  attacked = await startAttackedServer({ env: { LIMIT_COMMANDS_PER_SECOND: '10000', LIMIT_COMMAND_BURST: '10000' } });
});
afterAll(() => attacked.stop());

const runs = process.env['HOSTILE_REPEAT'] === 'yes' ? 1000 : 40;
const uuid = '01900000-0000-7000-8000-000000000000';

/** Strings that mean something to somebody, among any others. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'common',
    'mallory',
    '__proto__',
    'constructor',
    '$gt',
    'message',
    'text',
    uuid,
    '\u0000',
    '\ud800',
    '2026-01-31T12:00:00.000Z',
  ),
);

/** Any JSON value, of which objects often have names that the body's schema knows. */
function jsonWith(names: readonly string[]): fc.Arbitrary<unknown> {
  const keyNames = names.length > 0 ? fc.oneof(fc.constantFrom(...names), text) : text;
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(keyNames, tie('any'), { maxKeys: 6, noNullPrototype: true }),
    ),
  }));
  return any;
}

/** Every name of a property that the schema mentions at any depth. */
function namesIn(schema: z.ZodType | undefined): string[] {
  if (schema === undefined) return [];
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'properties' && typeof value === 'object' && value !== null) {
        for (const property of Object.keys(value)) found.add(property);
      }
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...found];
}

const bodied = routeTable.filter(({ body }) => body !== undefined);

test.each(bodied.map((route) => [`${route.method} ${route.path}`, route] as const))(
  'any JSON to %s is answered as documented',
  { timeout: 120_000 },
  async (_name, route) => {
    const own = [...namesIn(route.body), 'conversation', 'users', 'topic', 'all'];
    await fc.assert(
      fc.asyncProperty(jsonWith(own), text, async (body, id) => {
        const path = route.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(id.toWellFormed()) || uuid);
        const answer = await attacked.call(`/api/v1${path}`, {
          method: route.method.toUpperCase(),
          headers: { authorization: `Bearer ${keys.small}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        if (answer.status < 300) return;
        expect(answer.status).not.toBe(500);
        expect(isErrorCode(answer.body['code']), answer.text).toBe(true);
        expect(answer.body['status']).toBe(answer.status);
      }),
      { numRuns: runs },
    );
    await expectNoDefect();
  },
);

test('any text in a frame is answered as documented, or closes as documented', { timeout: 120_000 }, async () => {
  const frame = fc.oneof(
    text,
    jsonWith(['id', 'action', 'data', 'conversationId', 'cid', 'type', 'content', 'cursors', 'stream', 'seq']).map(
      (value) => JSON.stringify(value),
    ),
    fc
      .record({
        action: fc.constantFrom(...actions),
        data: jsonWith([
          'conversationId',
          'cid',
          'type',
          'content',
          'cursors',
          'stream',
          'seq',
          'userIds',
          'topic',
          'page',
          'messageId',
          'streams',
          'epoch',
          'visible',
          'limit',
          'cursor',
          'target',
          'provider',
          'deviceType',
          'isTyping',
        ]),
      })
      .map((value) => JSON.stringify({ id: 7, ...value })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 10 }), fc.boolean(), async (frames, isConnected) => {
      const client = isConnected ? await attacked.connected() : await RawWebSocket.open(attacked.url);
      for (const payload of frames) client.frame({ opcode: opcodes.text, payload: Buffer.from(payload) });
      client.frame({ opcode: opcodes.close, payload: Buffer.of(3, 232) });
      const code = await client.closed();
      expect([1000, 4500, 4501]).toContain(code);
      for (const { ok, error } of client.frames) {
        if (ok === false)
          expect(isErrorCode(error?.code) && error.code !== 'internal', JSON.stringify(error)).toBe(true);
      }
    }),
    { numRuns: runs * 2 },
  );
  await expectNoDefect();
});

const actions = [
  'auth',
  'page',
  'heartbeat',
  'message',
  'edit_message',
  'delete_message',
  'ack',
  'read',
  'typing',
  'history',
  'conversations',
  'presence',
  'subscribe',
  'unsubscribe',
  'register_device',
  'sync',
];

/** The server still serves, and has logged no error. */
async function expectNoDefect(): Promise<void> {
  const { status } = await attacked.api('GET', '/conversations');
  expect(status).toBe(200);
  expect(attacked.whole.lines.filter(({ level }) => level === 'error')).toEqual([]);
}
