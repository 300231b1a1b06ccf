// The printed keys are a pair, and of the length that push services want.
import { createECDH } from 'node:crypto';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { vapid } from './vapid.ts';

test('the printed keys belong together and are a provider of a provision file', async () => {
  let printed = '';
  expect(await vapid('mailto:ops@example.com', { out: (text) => void (printed = text), err: () => undefined })).toBe(0);
  const { providers } = parse(printed) as { providers: { plugin: string; config: Record<string, string> }[] };
  const { subject, publicKey = '', privateKey = '' } = providers[0]?.config ?? {};

  expect([providers.length, providers[0]?.plugin, subject]).toEqual([1, 'webpush', 'mailto:ops@example.com']);
  expect([Buffer.from(publicKey, 'base64url').length, Buffer.from(privateKey, 'base64url').length]).toEqual([65, 32]);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey, 'base64url');
  expect(curve.getPublicKey('base64url')).toBe(publicKey);
});

test.each(['foo', 'mailto:', 'ops@example.com', 'http://example.com'])(
  'no keys are printed for %s, at which a push service reaches nobody',
  async (subject) => {
    const said: string[] = [];
    const write = (text: string) => void said.push(text);
    expect(await vapid(subject, { out: write, err: write })).toBe(78);
    expect(said).toEqual([expect.stringContaining('--subject: must be an address that begins with mailto: or https:')]);
  },
);
