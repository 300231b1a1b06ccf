// The programs of docs/webhooks.md that verify a request, and a request that they have to take. Running them:
// one test a language.

import { newWebhookSecret, signWebhook } from '@belfry/plugin-kit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../../../docs/webhooks.md');

/** The first block of the language. */
export function verifierIn(language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readFileSync(page, 'utf8'))?.[1];
  if (block === undefined) throw new Error(`docs/webhooks.md has no block of ${language}`);
  return block;
}

/**
 * As environment of a program: the same request twice, signed and spoilt, as Belfry sends it within a
 * rotation.
 */
export function requestToVerify(): Record<string, string> {
  const [secret, other] = [newWebhookSecret(), newWebhookSecret()];
  const body = '{"text":"Žofie"}';
  const signed = signWebhook({ id: 'evt_1', atMs: Date.now(), body }, [other, secret]);
  const old = signWebhook({ id: 'evt_1', atMs: Date.now() - 400_000, body }, [secret]);
  return {
    ...{ SECRET: secret, BODY: body, ID: 'evt_1' },
    ...{ TIMESTAMP: signed['webhook-timestamp'], SIGNATURE: signed['webhook-signature'] },
    ...{ OLD_TIMESTAMP: old['webhook-timestamp'], OLD_SIGNATURE: old['webhook-signature'] },
  };
}

/** What each program prints: it takes the request, and neither another body nor an old one. */
export const verified = 'true false false';
