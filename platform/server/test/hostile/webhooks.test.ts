// The answers to a webhook that is not right (docs/bad-input.md, the fourth table, what comes in), one row a
// test. A good one: scenarios/hooks.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hookSecret, webhookSecret } from '../support/provision.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import type { CallAnswer } from './http-call.ts';

let attacked: AttackedServer;
/** The answer to the webhook `known`, which was broadcast before the rows. */
let first: Record<string, unknown>;

const previousSecret = 'whsec_bm90IHRoZSBzZWNyZXQgb2YgdG9kYXksIHllc3RlcmRheQ==';
const mapping = "{ 'kind': 'system_notification', 'audience': { 'users': [patient] }, 'data': { 'title': text } }";
const body = JSON.stringify({ patient: 'nobody', text: 'ready' });

beforeAll(async () => {
  attacked = await startAttackedServer({
    app: {
      hooks: [
        { id: 'lab', secret: hookSecret, mapping },
        { id: 'other', secret: webhookSecret, mapping },
        { id: 'rotated', secret: webhookSecret, previousSecret, mapping },
        { id: 'off', secret: hookSecret, mapping, enabled: false },
      ],
    },
  });
  first = (await post(attacked, { id: 'known' })).body;
  await post(attacked, { id: 'rotated-known', hook: 'rotated', secret: previousSecret });
  await attacked.settled();
});
afterAll(() => attacked.stop());

interface Posted {
  hook?: string;
  id?: string;
  secret?: string;
  /** From now, s. */
  ageSeconds?: number;
  body?: string | Uint8Array;
  /** In place of those that it is signed with; an empty one is left out. */
  headers?: Record<string, string>;
}

function post({ call }: AttackedServer, posted: Posted): Promise<CallAnswer> {
  const { hook = 'lab', id = 'evt', secret = hookSecret, ageSeconds = 0, headers = {} } = posted;
  const content = posted.body ?? body;
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  const signed = signWebhook({ id, secret, body: content.toString(), timestamp });
  const all = Object.entries({ 'content-type': 'application/json', ...signed, ...headers });
  return call(`/hooks/${hook}`, {
    method: 'POST',
    headers: Object.fromEntries(all.filter(([, value]) => value !== '')),
    body: content,
  });
}

/** All of these are answered alike, so that nothing can be learnt of hooks, secrets or clocks. */
function unauthorized(posted: Posted): Row['run'] {
  return async (given) => {
    const answer = await post(given, posted);
    const { requestId: _, ...problem } = answer.body;
    expect([answer.status, problem]).toEqual([401, expect.objectContaining({ code: 'unauthorized' })]);
    const { requestId: _other, ...nobody } = (await post(given, { hook: 'nobody', headers: {} })).body;
    expect(problem).toEqual(nobody);
  };
}

function refused(status: number, code: string, posted: Posted): Row['run'] {
  return async (given) => {
    const answer = await post(given, posted);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  };
}

const signatures: readonly Row[] = [
  { name: 'no signature', run: unauthorized({ headers: { 'webhook-signature': '' } }) },
  { name: 'no id', run: unauthorized({ headers: { 'webhook-id': '' } }) },
  { name: 'no timestamp', run: unauthorized({ headers: { 'webhook-timestamp': '' } }) },
  { name: 'a timestamp that is none', run: unauthorized({ headers: { 'webhook-timestamp': 'now' } }) },
  { name: 'a signature that is none', run: unauthorized({ headers: { 'webhook-signature': 'v1,AAAA' } }) },
  { name: 'a signature of an unknown version', run: unauthorized({ headers: { 'webhook-signature': 'v9,AAAA' } }) },
  {
    name: 'three hundred signatures',
    run: unauthorized({ headers: { 'webhook-signature': Array.from({ length: 300 }, () => 'v1,AAAA').join(' ') } }),
  },
  { name: 'a signature by a secret of nobody', run: unauthorized({ secret: previousSecret }) },
  { name: 'a signature of 301 s ago', run: unauthorized({ ageSeconds: 301 }) },
  { name: 'a signature of 301 s ahead', run: unauthorized({ ageSeconds: -301 - 1 }) },
  { name: 'the signature of another body', run: unauthorized({ headers: signedElsewhere('{}') }) },
  { name: 'the signature of another id', run: unauthorized({ headers: { 'webhook-id': 'evt-2' } }) },
  { name: "another endpoint's signature", run: unauthorized({ hook: 'other' }) },
  { name: 'an endpoint that is not there', run: unauthorized({ hook: 'nowhere' }) },
  { name: 'an endpoint called __proto__', run: unauthorized({ hook: '__proto__' }) },
  { name: 'an endpoint that is switched off', run: unauthorized({ hook: 'off' }) },
];

function signedElsewhere(content: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000);
  return signWebhook({ id: 'evt', secret: hookSecret, body: content, timestamp });
}

const again: readonly Row[] = [
  {
    name: 'the same id again: the first result',
    stores: { hook_deliveries: 1 },
    async run(given) {
      const answer = await post(given, { id: 'known' });
      expect([answer.status, answer.body]).toEqual([202, { ...first, duplicate: true }]);
    },
  },
  {
    name: 'the same id again, with another body: the first result',
    stores: { hook_deliveries: 1 },
    async run(given) {
      const answer = await post(given, { id: 'known', body: JSON.stringify({ patient: 'witness', text: 'no' }) });
      expect([answer.status, answer.body]).toEqual([202, { ...first, duplicate: true }]);
    },
  },
  {
    name: 'the secret from before the rotation, and both',
    stores: { hook_deliveries: 2 },
    async run(given) {
      const id = 'rotated-known';
      expect((await post(given, { id, hook: 'rotated', secret: previousSecret })).status).toBe(202);
      const timestamp = Math.floor(Date.now() / 1000);
      const of = (secret: string): string => signWebhook({ id, secret, body, timestamp })['webhook-signature'] ?? '';
      const headers = {
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `${of(hookSecret)} ${of(webhookSecret)} ${of(previousSecret)}`,
      };
      expect((await post(given, { id, hook: 'rotated', headers })).status).toBe(202);
    },
  },
];

const payloads: readonly Row[] = [
  {
    name: 'a payload that the mapping makes nothing of',
    stores: { hook_deliveries: 1 },
    run: refused(422, 'mapping_failed', { body: '{}' }),
  },
  {
    name: 'a payload that becomes a broadcast to nobody who can be',
    stores: { hook_deliveries: 1 },
    run: refused(422, 'mapping_failed', { body: JSON.stringify({ patient: { $gt: '' }, text: 'x' }) }),
  },
  {
    name: 'integers beyond 2^53, which a mapping gets as text',
    stores: { hook_deliveries: 1 },
    run: refused(422, 'mapping_failed', { body: '{"patient":{"id":9007199254740993},"text":"x"}' }),
  },
  {
    name: 'the older names of the headers with a wrong signature',
    run: unauthorized({
      headers: {
        'webhook-id': '',
        'webhook-timestamp': '',
        'webhook-signature': '',
        'svix-id': 'evt',
        'svix-timestamp': String(Math.floor(Date.now() / 1000)),
        'svix-signature': 'v1,AAAA',
      },
    }),
  },
  {
    name: 'a byte order mark alone',
    stores: { hook_deliveries: 1 },
    run: refused(400, 'bad_request', { body: '\uFEFF' }),
  },
  { name: 'no JSON', stores: { hook_deliveries: 1 }, run: refused(400, 'bad_request', { body: 'no JSON' }) },
  { name: 'another type', run: refused(415, 'unsupported_media_type', { headers: { 'content-type': 'text/plain' } }) },
  {
    name: 'a body in an encoding',
    run: refused(415, 'unsupported_media_type', { headers: { 'content-encoding': 'gzip' } }),
  },
  { name: 'a body over 1 MiB', run: refused(413, 'too_large', { body: `"${'x'.repeat(1_048_576)}"` }) },
  {
    name: 'another method',
    async run({ call }) {
      expect(await call('/hooks/lab')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    },
  },
];

describe.each([
  ['a signature', signatures],
  ['again', again],
  ['a payload', payloads],
] as const)('%s', (_what, rows) => {
  test.each(rows)('$name', (row) => attacked.withstand(row));
});
