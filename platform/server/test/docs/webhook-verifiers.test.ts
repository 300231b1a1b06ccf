// The program of docs/webhooks.md that verifies a request on Node. Those in other languages: python.test.ts
// and its neighbours.

import { expect, it } from 'vitest';
import { requestToVerify, verifierIn } from './webhook-verifiers.ts';

type Verify = (secret: string, headers: Record<string, string>, body: Buffer) => boolean;

it('the verifier of webhooks for Node takes what is signed, and nothing else', async () => {
  const url = `data:text/javascript,${encodeURIComponent(verifierIn('js'))}`;
  const { verify } = (await import(/* @vite-ignore */ url)) as { verify: Verify };
  const { SECRET = '', BODY = '', ID = '', TIMESTAMP = '', SIGNATURE = '', ...old } = requestToVerify();
  const headers = { 'webhook-id': ID, 'webhook-timestamp': TIMESTAMP, 'webhook-signature': SIGNATURE };
  const oldHeaders = {
    'webhook-id': ID,
    'webhook-timestamp': old['OLD_TIMESTAMP'] ?? '',
    'webhook-signature': old['OLD_SIGNATURE'] ?? '',
  };
  expect(verify(SECRET, headers, Buffer.from(BODY))).toBe(true);
  expect(verify(SECRET, headers, Buffer.from(`${BODY} `))).toBe(false);
  expect(verify(SECRET, oldHeaders, Buffer.from(BODY))).toBe(false);
});
