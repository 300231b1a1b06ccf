// The printed keys are a pair, and of the length that push services want.
import { createECDH } from 'node:crypto';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { vapid } from './vapid.ts';

test('the printed keys belong together and are a provider of a provision file', async () => {
  let printed = '';
  expect(await vapid('mailto:ops@example.com', { out: (text) => void (printed = text) })).toBe(0);
  const { providers } = parse(printed) as { providers: { plugin: string; config: Record<string, string> }[] };
  const { subject, publicKey = '', privateKey = '' } = providers[0]?.config ?? {};

  expect([providers.length, providers[0]?.plugin, subject]).toEqual([1, 'webpush', 'mailto:ops@example.com']);
  expect([Buffer.from(publicKey, 'base64url').length, Buffer.from(privateKey, 'base64url').length]).toEqual([65, 32]);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey, 'base64url');
  expect(curve.getPublicKey('base64url')).toBe(publicKey);
});
