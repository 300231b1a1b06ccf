// Signing and verifying by Standard Webhooks, compared with the package of the standard and its published
// example.
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { newWebhookSecret, signedHeaders, signWebhook, verifyWebhook, webhookKey } from './standard-webhooks.ts';

const secret = newWebhookSecret();
const nowSeconds = 1_700_000_000;
const nowMs = nowSeconds * 1000;
const ids = fc.stringMatching(/^[\x21-\x7e]{1,64}$/);
// The package decodes a body as text and encodes it again: only text that survives that can be compared.
const bodies = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());

/** As made by a sender that uses the package. */
function signedByPackage(id: string, body: string, { timestamp = nowSeconds, by = secret } = {}) {
  const signatures = new Webhook(by).sign(id, new Date(timestamp * 1000), body);
  return { id, timestamp: String(timestamp), signatures, body: Buffer.from(body) };
}

const verdict = (given: Partial<ReturnType<typeof signedByPackage>>, secrets = [secret]) =>
  verifyWebhook({ ...signedByPackage('evt_1', '{"a":1}'), ...given }, { secrets, nowMs });

describe('a webhook that is signed', () => {
  it('is verified by the package of the standard, whatever the id and body, with each of its secrets', () => {
    vi.useFakeTimers({ now: nowMs });
    try {
      const other = newWebhookSecret().slice('whsec_'.length);
      fc.assert(
        fc.property(ids, bodies, (id, body) => {
          const headers = signWebhook({ id, atMs: nowMs + 999, body }, [secret, other]);
          for (const each of [secret, other]) {
            new Webhook(each).verify(body, { ...headers }, { jsonParse: false });
          }
          expect(() => new Webhook(secret).verify(`${body} `, { ...headers }, { jsonParse: false })).toThrow();
        }),
        { numRuns: 30 },
      );
    } finally {
      vi.useRealTimers();
    }
  });

  it('has the signature of the published example', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atMs: 1_614_265_330_000, body: '{"test": 2432232314}' };
    expect(signWebhook(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('has one signature of text and of its bytes', () => {
    const message = { id: 'evt_1', atMs: nowMs, body: '{"name":"Žofie"}' };
    expect(signWebhook({ ...message, body: Buffer.from(message.body) }, [secret])).toEqual(
      signWebhook(message, [secret]),
    );
  });

  it.each(['', 'whsec_', 'whsec_=', '!'])('is not signed with "%s", which holds no bytes', (empty) => {
    expect(() => signWebhook({ id: 'evt_1', atMs: nowMs, body: '' }, [empty])).toThrow(TypeError);
  });
});

describe('a signature', () => {
  it('made by the package of the standard is good, whatever the id and body', () => {
    fc.assert(
      fc.property(ids, bodies, (id, body) => {
        expect(verdict(signedByPackage(id, body))).toBe('good');
        expect(verdict({ ...signedByPackage(id, body), body: Buffer.from(`${body} `) })).toBe('wrong');
      }),
      { numRuns: 30 },
    );
  });

  it('is of the bytes, not of the text that they might be', () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    const mac = createHmac('sha256', webhookKey(secret)).update(`evt_1.${nowSeconds}.`).update(bytes).digest('base64');
    expect(verdict({ body: bytes, signatures: `v1,${mac}` })).toBe('good');
    expect(verdict({ body: Buffer.from(bytes.toString('utf8')), signatures: `v1,${mac}` })).toBe('wrong');
  });

  it('counts when it is one of several, and with any of the secrets in use', () => {
    const other = newWebhookSecret();
    const { signatures } = signedByPackage('evt_1', '{"a":1}');
    expect(verdict({ signatures: `v1,AAAA v1a,xyz ${signatures}` })).toBe('good');
    expect(verdict({}, [other, secret])).toBe('good');
    expect(verdict({}, [other])).toBe('wrong');
    expect(verdict({}, [])).toBe('wrong');
    expect(verdict({ signatures: `${'v1,AAAA '.repeat(8)}${signatures}` })).toBe('wrong');
  });

  it('is verified by a secret with and without whsec_', () => {
    expect(verdict({}, [secret.slice('whsec_'.length)])).toBe('good');
  });

  it.each(['', 'whsec_', '!'])('made with no key is wrong, also where the secret is "%s"', (empty) => {
    const mac = createHmac('sha256', '').update(`evt_1.${nowSeconds}.{"a":1}`).digest('base64');
    expect(verdict({ signatures: `v1,${mac}` }, [empty])).toBe('wrong');
  });

  it.each([
    ['no signature', { signatures: '' }],
    ['another version', { signatures: signedByPackage('evt_1', '{"a":1}').signatures.replace('v1,', 'v2,') }],
    ['no base64', { signatures: 'v1,$$$' }],
    ['one that is too short', { signatures: 'v1,AAAA' }],
    ['another id', { id: 'evt_2' }],
    ['no id', { id: '' }],
    ['an id with a space', signedByPackage('evt 1', '{"a":1}')],
    ['an id that is too long', signedByPackage('e'.repeat(257), '{"a":1}')],
    ['no time', { timestamp: '' }],
    ['another time', { timestamp: String(nowSeconds + 1) }],
    ['the same time, written differently', { timestamp: `0${nowSeconds}` }],
    ['a time that is no number', { timestamp: 'now' }],
  ])('with %s is wrong', (_what, given) => {
    expect(verdict(given)).toBe('wrong');
  });

  it('is good for 300 s either way, and not a second longer', () => {
    expect(verdict(signedByPackage('evt_1', '{}', { timestamp: nowSeconds - 300 }))).toBe('good');
    expect(verdict(signedByPackage('evt_1', '{}', { timestamp: nowSeconds + 300 }))).toBe('good');
    expect(verdict(signedByPackage('evt_1', '{}', { timestamp: nowSeconds - 301 }))).toBe('stale');
    expect(verdict(signedByPackage('evt_1', '{}', { timestamp: nowSeconds + 301 }))).toBe('stale');
  });

  it('is read from headers of either spelling, and never from both', () => {
    const of = (prefix: string, id: string) => ({
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: '1',
      [`${prefix}-signature`]: 'v1,x',
    });
    const read = (headers: Record<string, string>) => signedHeaders((name) => headers[name]);
    expect(read(of('webhook', 'a'))).toEqual({ id: 'a', timestamp: '1', signatures: 'v1,x' });
    expect(read(of('svix', 'b'))).toEqual({ id: 'b', timestamp: '1', signatures: 'v1,x' });
    expect(read({ ...of('svix', 'b'), ...of('webhook', 'a') }).id).toBe('a');
    expect(read({ ...of('svix', 'b'), 'webhook-id': 'a' })).toEqual({ id: 'a', timestamp: '', signatures: '' });
    expect(read({})).toEqual({ id: '', timestamp: '', signatures: '' });
  });

  it('is good for as long as the verifier tolerates', () => {
    const old = signedByPackage('evt_1', '{}', { timestamp: nowSeconds - 11 });
    expect(verifyWebhook(old, { secrets: [secret], nowMs, toleranceMs: 11_000 })).toBe('good');
    expect(verifyWebhook(old, { secrets: [secret], nowMs, toleranceMs: 10_000 })).toBe('stale');
  });
});
