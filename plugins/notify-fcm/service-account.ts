// The key file of a Google service account: how it is read, and the access token that it is exchanged for.
import { OutcomeError, outcomeOfStatus, rejected, signJwt, z } from '@belfry/plugin-kit';
import type { PluginResponse, PluginToken, ProviderContext } from '@belfry/plugin-kit';
import { createPrivateKey } from 'node:crypto';

const accountSchema = z.object({
  project_id: z.string().regex(/^[a-z0-9.:-]+$/),
  client_email: z.email(),
  private_key: z.string().refine(isRsaKey),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
});
export type ServiceAccount = z.infer<typeof accountSchema>;

export function isServiceAccount(text: string): boolean {
  try {
    readServiceAccount(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error where the text is no such file */
export function readServiceAccount(text: string): ServiceAccount {
  return accountSchema.parse(JSON.parse(text));
}

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const lifeSeconds = 3600;

const grantedSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const refusedSchema = z.object({ error: z.string(), error_description: z.string().default('') });

/** RFC 7523. @throws OutcomeError that says why there is none */
export async function requestToken(
  account: ServiceAccount,
  { fetch, clock, signal }: Pick<ProviderContext, 'fetch' | 'clock' | 'signal'>,
): Promise<PluginToken> {
  const { client_email: iss, private_key: key, private_key_id: kid, token_uri: aud } = account;
  const iat = Math.floor(clock.now() / 1000);
  const header = kid === undefined ? {} : { kid };
  const assertion = signJwt({ alg: 'RS256', key, header, claims: { iss, scope, aud, iat, exp: iat + lifeSeconds } });
  const response = await fetch(aud, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: grantType, assertion }).toString(),
    signal,
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const granted = grantedSchema.safeParse(answer);
  if (!response.ok || !granted.success) throw new OutcomeError(refusalOf(response, answer, clock.now()));
  const { access_token: value, expires_in: seconds } = granted.data;
  return { value, expiresAtMs: clock.now() + seconds * 1000 };
}

function refusalOf(response: PluginResponse, answer: unknown, nowMs: number) {
  const { status, headers } = response;
  const refused = refusedSchema.safeParse(answer);
  if (status === 400 || status === 401) {
    const { error = '', error_description: why = '' } = refused.data ?? {};
    const isTime = /\b(iat|exp)\b|short-lived/i.test(why);
    const hint = isTime ? " Check the server's clock." : '';
    return rejected('credentials', `Google refuses the service account (${error || `HTTP ${status}`}).${hint}`);
  }
  const outcome = outcomeOfStatus(response.ok ? 502 : status, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected('credentials', `${outcome.detail} at the token address`) : outcome;
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
