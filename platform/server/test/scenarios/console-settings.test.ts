// The settings of an app in the console, as they work on clients and back ends: keys, signing, tokens that
// are tried, what a change reaches.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badTokenNames, badTokens, goodClaims, makeToken, tokenPartsIn, type BadToken } from '../support/bad-tokens.ts';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const owner = (): ConsoleClient => world.members.owner;

beforeAll(async () => {
  world = await startConsoleWorld({ env: { LOG_LEVEL: 'debug' } });
  await done(owner().post('/tenants/clinic/apps', { template: 'chat', key: 'ward', name: 'Ward' }));
}, 60_000);
afterAll(() => world.server.stop());

async function statusWith(key: string): Promise<number> {
  const response = await fetch(`${world.server.url}/api/v1/kinds`, { headers: { authorization: `Bearer ${key}` } });
  await response.text();
  return response.status;
}

describe('keys', () => {
  test('after a rotation both keys are good until the overlap ends, and each says when it was used', async () => {
    const made = await done(owner().post('/apps/ward/keys', { name: 'backend', scopes: ['*'] }));
    const old = made.body.secret as string;
    expect(made.body.key).toMatchObject({ name: 'backend', lastUsedAt: null, expiresAt: null });
    const { body: next } = await done(owner().post('/apps/ward/keys/backend/rotate', { overlapSeconds: 3600 }));
    expect(await statusWith(old)).toBe(200);
    expect(await statusWith(next.secret)).toBe(200);
    const keys = await untilUsed('backend', 2);
    expect(keys).toEqual([
      expect.objectContaining({ id: next.key.id, expiresAt: null, lastAddress: '127.0.0.1' }),
      expect.objectContaining({ id: 'backend', lastAddress: '127.0.0.1' }),
    ]);
    expect(Date.parse(keys[1]?.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    const again = await owner().post('/apps/ward/keys/backend/rotate', { overlapSeconds: 0 });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const { body: last } = await done(owner().post(`/apps/ward/keys/${next.key.id}/rotate`, { overlapSeconds: 0 }));
    expect(await statusWith(next.secret)).toBe(401);
    expect(await statusWith(old)).toBe(200);
    await done(owner().call('DELETE', '/apps/ward/keys/backend'));
    expect([await statusWith(old), await statusWith(last.secret)]).toEqual([401, 200]);
  });

  test('a second key of one name, scopes that are none, and keys of the provision file are refused', async () => {
    await done(owner().post('/apps/ward/keys', { name: 'twice', scopes: ['*'] }));
    const twice = await owner().post('/apps/ward/keys', { name: 'twice', scopes: ['*'] });
    expect(twice).toMatchObject({ status: 409, body: { path: ['name'] } });
    const wrong = await owner().post('/apps/ward/keys', { name: 'other', scopes: ['everything'] });
    expect(wrong).toMatchObject({ status: 422, body: { path: ['scopes', 0] } });
    const { body } = await done(owner().get('/apps/demo/keys'));
    const [managed] = body.items as { id: string; managed: boolean }[];
    expect(managed?.managed).toBe(true);
    const refused = { status: 409, body: { code: 'managed_by_file' } };
    expect(await owner().call('DELETE', `/apps/demo/keys/${managed?.id ?? ''}`)).toMatchObject(refused);
    const rotate = `/apps/demo/keys/${managed?.id ?? ''}/rotate`;
    expect(await owner().post(rotate, { overlapSeconds: 0 })).toMatchObject(refused);
  });

  interface Key {
    id: string;
    name: string;
    expiresAt: string | null;
    lastUsedAt: string | null;
  }

  /** It is written beside the request. */
  async function untilUsed(name: string, count: number): Promise<Key[]> {
    for (;;) {
      const { body } = await done(owner().get('/apps/ward/keys'));
      const keys = (body.items as Key[]).filter((key) => key.name === name);
      if (keys.filter(({ lastUsedAt }) => lastUsedAt !== null).length === count) return keys;
    }
  }
});

describe('signing', () => {
  test('the newest secret signs, the others verify until they are retired; the last one stays', async () => {
    const first = await trialToken();
    const { body: signing } = await done(owner().get('/apps/ward/signing'));
    const { body: made } = await done(owner().post('/apps/ward/signing/secrets', {}));
    const second = await trialToken();
    expect([await inspect(first), await inspect(second)]).toMatchObject([{ ok: true }, { ok: true }]);
    await done(owner().call('DELETE', `/apps/ward/signing/secrets/${signing.secrets[0].kid}`));
    expect(await inspect(first)).toMatchObject({ ok: false });
    expect(await inspect(second)).toMatchObject({ ok: true });
    const last = await owner().call('DELETE', `/apps/ward/signing/secrets/${made.kid}`);
    expect(last).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const gone = await owner().call('DELETE', '/apps/ward/signing/secrets/unknown');
    expect(gone).toMatchObject({ status: 404 });
  });

  test('an address that may not be called is neither saved nor fetched', async () => {
    const url = 'https://169.254.169.254/keys';
    const saved = await owner().call('PUT', '/apps/ward/signing/jwks', { body: { url } });
    expect(saved).toMatchObject({ status: 422, body: { path: ['url'] } });
    const { body } = await done(owner().post('/apps/ward/signing/jwks/check', { url }));
    expect(body).toMatchObject({ ok: false, keys: [], error: expect.any(String) as string });
  });

  test('an address where nothing answers is said to be so before it is saved', async () => {
    const { body } = await done(owner().post('/apps/ward/signing/jwks/check', { url: 'http://127.0.0.1:1/keys' }));
    expect(body).toMatchObject({ ok: false, keys: [], error: expect.stringMatching(/./) as string });
  });
});

async function trialToken(): Promise<string> {
  const { body } = await done(owner().post('/apps/ward/tokens', { userId: 'bob' }));
  return body.token as string;
}

interface Inspection {
  ok: boolean;
  steps: { step: string; result: string; found: { what: string }; detail: string; reason?: string; remedy?: string }[];
  claims?: Record<string, unknown>;
}

async function inspect(token: string): Promise<Inspection> {
  return (await done(owner().post('/apps/ward/tokens/inspect', { token }))).body as Inspection;
}

describe('a token that is tried', () => {
  const signer = { app: 'ward', secret: 'a secret of the tests that is long enough to sign', kid: '' };
  let bad: BadToken[] = [];

  beforeAll(async () => {
    const { body } = await done(owner().post('/apps/ward/signing/secrets', { secret: signer.secret }));
    signer.kid = body.kid as string;
    bad = badTokens(signer);
  });

  test.each(badTokenNames)('with %s fails at the step of it, with a remedy', async (name) => {
    const { token = '', step, reason } = bad.find(({ what }) => what === name) ?? {};
    const inspection = await inspect(token);
    expect(inspection.ok).toBe(false);
    const refused = inspection.steps.filter(({ result }) => result === 'refused');
    expect(refused[0]).toMatchObject({ step, reason, remedy: expect.stringMatching(/\.$/) as string });
    // By name and values for other languages, and in English.
    expect(refused[0]?.found.what).toMatch(/^[a-z_]+$/);
    expect(refused[0]?.detail).not.toBe('');
  });

  test('that is good passes every step', async () => {
    const good = goodClaims('ward');
    const inspection = await inspect(makeToken(good, signer));
    expect(inspection).toMatchObject({ ok: true, claims: good });
    expect(inspection.steps.map(({ result }) => result)).not.toContain('refused');
  });

  test('from before a sign-out says so', async () => {
    const token = await trialToken();
    const key = (await done(owner().post('/apps/ward/keys', { name: 'sign-out', scopes: ['*'] }))).body
      .secret as string;
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${world.server.url}/api/v1/users/bob/sign-out`, { method: 'POST', headers });
    expect(answer.status).toBe(200);
    const { steps } = await inspect(token);
    expect(steps.at(-1)).toMatchObject({ step: 'signed_out', result: 'refused', reason: 'signed_out' });
  });

  test('stands in no line of the log, whole or in part, and counts as nobody’s sign-in', () => {
    const log = JSON.stringify(world.server.lines);
    expect(log).toContain('"level":"debug"');
    expect(tokenPartsIn(log, bad)).toEqual([]);
    expect(log).not.toContain('token refused');
  });
});

describe('general settings', () => {
  test('a field that is given back has the default again', async () => {
    const path = '/apps/ward';
    const before = await done(owner().get(path));
    const headers = { 'if-match': before.headers.get('etag') ?? '' };
    const own = { settings: { waitMs: 100, pushQuota: { perMinute: 5, perDay: 9 } }, limits: { connections: 7 } };
    const { body } = await done(owner().call('PATCH', path, { body: own, headers }));
    expect(body).toMatchObject(own);
    const back = { settings: { waitMs: null, pushQuota: { perDay: null } }, limits: { connections: null } };
    const next = { 'if-match': `"v${body.version}"` };
    const after = await done(owner().call('PATCH', path, { body: back, headers: next }));
    const { waitMs } = before.body.defaults.settings;
    expect(after.body.settings).toMatchObject({ waitMs, pushQuota: { perMinute: 5 } });
    expect(after.body.settings.pushQuota).not.toHaveProperty('perDay');
    expect(after.body.limits).toEqual(before.body.defaults.limits);
  });

  test('a fall-back chain is replaced as a whole, taken away, and refused step by step', async () => {
    const patch = async (fallbacks: unknown) => {
      const { headers } = await done(owner().get('/apps/ward'));
      const ifMatch = { 'if-match': headers.get('etag') ?? '' };
      return await owner().call('PATCH', '/apps/ward', { body: { settings: { fallbacks } }, headers: ifMatch });
    };
    const sms = { after: 'not_opened', afterMs: 600_000, channel: 'sms', kinds: ['message'], priorities: ['high'] };
    const mail = { after: 'failed', afterMs: 0, provider: 'mail' };
    expect((await patch([sms, mail])).body).toMatchObject({ settings: { fallbacks: [sms, mail] } });
    expect((await patch([mail])).body).toMatchObject({ settings: { fallbacks: [mail] } });
    const wrong: [object, (string | number)[]][] = [
      [{ ...mail, channel: 'sms' }, ['settings', 'fallbacks', 1, 'channel']],
      [{ after: 'failed', afterMs: 0 }, ['settings', 'fallbacks', 1, 'channel']],
      [{ ...mail, after: 'never' }, ['settings', 'fallbacks', 1, 'after']],
      [{ ...mail, afterMs: -1 }, ['settings', 'fallbacks', 1, 'afterMs']],
      [{ ...mail, afterMs: 8 * 86_400_000 }, ['settings', 'fallbacks', 1, 'afterMs']],
      [{ ...sms, channel: 'pigeon' }, ['settings', 'fallbacks', 1, 'channel']],
      [{ ...sms, kinds: [] }, ['settings', 'fallbacks', 1, 'kinds']],
      [{ ...sms, priorities: ['highest'] }, ['settings', 'fallbacks', 1, 'priorities', 0]],
      [{ ...sms, then: 'mail' }, ['settings', 'fallbacks', 1, 'then']],
    ];
    for (const [step, path] of wrong) expect(await patch([mail, step])).toMatchObject({ status: 422, body: { path } });
    expect((await patch(null)).body.settings).not.toHaveProperty('fallbacks');
  });

  test('to disable an app that others use than was seen is asked about again', async () => {
    const { headers } = await done(owner().get('/apps/ward'));
    const { body: impact } = await done(owner().post('/apps/ward/impact', { disabled: true }));
    expect(impact).toEqual({ connections: 0, users: 0 });
    const body = { disabled: true, expected: 214 };
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    const refused = await owner().call('PATCH', '/apps/ward', { body, headers: ifMatch });
    expect(refused).toMatchObject({ status: 409, body: { code: 'impact_changed', impact } });
    const done_ = await owner().call('PATCH', '/apps/ward', {
      body: { ...body, expected: impact.connections },
      headers: ifMatch,
    });
    expect(done_).toMatchObject({ status: 200, body: { disabled: true } });
  });
});
