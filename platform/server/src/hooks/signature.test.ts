import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signWebhook } from '../../test/support/sign-webhook.ts';
import { newHookSecret, verifySignature } from './signature.ts';

const secret = newHookSecret();
const nowSeconds = 1_700_000_000;
const nowMs = nowSeconds * 1000;

function signed(id: string, body: string, { timestamp = nowSeconds, by = secret } = {}) {
  const headers = signWebhook({ id, secret: by, body, timestamp });
  return {
    id,
    timestamp: String(timestamp),
    signatures: headers['webhook-signature'] ?? '',
    body: Buffer.from(body),
  };
}
const verdict = (given: Partial<ReturnType<typeof signed>>, secrets = [secret]) =>
  verifySignature({ ...signed('evt_1', '{"a":1}'), ...given }, { secrets, nowMs });

describe('a signature', () => {
  it('as the library of the standard makes it is good, whatever the id and body', () => {
    const ids = fc.stringMatching(/^[\x21-\x7e]{1,64}$/);
    fc.assert(
      fc.property(ids, fc.string({ unit: 'binary' }), (id, text) => {
        // The library makes text of the bytes: only text that survives that can be compared.
        const body = text.toWellFormed();
        expect(verdict(signed(id, body))).toBe('good');
        expect(verdict({ ...signed(id, body), body: Buffer.from(`${body} `) })).toBe('wrong');
      }),
      { numRuns: 30 },
    );
  });

  it('is of the bytes, not of the text they might be', () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`evt_1.${nowSeconds}.`).update(bytes).digest('base64');
    expect(verdict({ body: bytes, signatures: `v1,${mac}` })).toBe('good');
    expect(verdict({ body: Buffer.from(bytes.toString('utf8')), signatures: `v1,${mac}` })).toBe('wrong');
  });

  it('counts when it is one of several, and with any of the secrets in use', () => {
    const other = newHookSecret();
    const { signatures } = signed('evt_1', '{"a":1}');
    expect(verdict({ signatures: `v1,AAAA v1a,xyz ${signatures}` })).toBe('good');
    expect(verdict({}, [other, secret])).toBe('good');
    expect(verdict({}, [other])).toBe('wrong');
    expect(verdict({}, [])).toBe('wrong');
    expect(verdict({ signatures: `${'v1,AAAA '.repeat(8)}${signatures}` })).toBe('wrong');
  });

  it.each([
    ['no signature', { signatures: '' }],
    ['another version', { signatures: signed('evt_1', '{"a":1}').signatures.replace('v1,', 'v2,') }],
    ['no base64', { signatures: 'v1,$$$' }],
    ['one that is too short', { signatures: 'v1,AAAA' }],
    ['another id', { id: 'evt_2' }],
    ['no id', { id: '' }],
    ['an id with a space', signed('evt 1', '{"a":1}')],
    ['an id that is too long', signed('e'.repeat(257), '{"a":1}')],
    ['no time', { timestamp: '' }],
    ['another time', { timestamp: String(nowSeconds + 1) }],
    ['the same time, written differently', { timestamp: `0${nowSeconds}` }],
    ['a time that is no number', { timestamp: 'now' }],
  ])('with %s is wrong', (_what, given) => {
    expect(verdict(given)).toBe('wrong');
  });

  it('is good for 300 s either way, and not a second longer', () => {
    expect(verdict(signed('evt_1', '{}', { timestamp: nowSeconds - 300 }))).toBe('good');
    expect(verdict(signed('evt_1', '{}', { timestamp: nowSeconds + 300 }))).toBe('good');
    expect(verdict(signed('evt_1', '{}', { timestamp: nowSeconds - 301 }))).toBe('stale');
    expect(verdict(signed('evt_1', '{}', { timestamp: nowSeconds + 301 }))).toBe('stale');
  });
});
