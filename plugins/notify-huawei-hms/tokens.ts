// What says to Huawei who calls: an access token for the secret of the app (HMS Core), or a token that the
// service account signs itself (HarmonyOS 5, and HMS Core too).
import { createPrivateKey } from 'node:crypto';
import {
  OutcomeError,
  outcomeOfStatus,
  rejected,
  signJwt,
  z,
  type PluginToken,
  type ProviderContext,
} from '@belfry/plugin-kit';

const accountSchema = z.object({
  key_id: z.string().min(1),
  sub_account: z.string().min(1),
  private_key: z.string().refine(isRsaKey),
});
export type ServiceAccount = z.infer<typeof accountSchema>;

/** @throws Error where the text is no such file */
export function readServiceAccount(text: string): ServiceAccount {
  return accountSchema.parse(JSON.parse(text));
}

export function isServiceAccount(text: string): boolean {
  try {
    readServiceAccount(text);
    return true;
  } catch {
    return false;
  }
}

const audience = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';
const lifeMs = 3_600_000;

export function signToken(account: ServiceAccount, nowMs: number): PluginToken {
  const iat = Math.floor(nowMs / 1000);
  const claims = { iss: account.sub_account, aud: audience, iat, exp: iat + lifeMs / 1000 };
  const value = signJwt({ alg: 'PS256', key: account.private_key, header: { kid: account.key_id }, claims });
  return { value, expiresAtMs: nowMs + lifeMs };
}

const grantedSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** @throws OutcomeError that says why there is none */
export async function requestToken(
  { clientId, clientSecret, authUrl }: { clientId: string; clientSecret: string; authUrl: string },
  { fetch, clock, signal }: Pick<ProviderContext, 'fetch' | 'clock' | 'signal'>,
): Promise<PluginToken> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const response = await fetch(authUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    signal,
  });
  const granted = grantedSchema.safeParse(await response.json().catch(() => undefined));
  if (response.ok && granted.success) {
    const { access_token: value, expires_in: seconds } = granted.data;
    return { value, expiresAtMs: clock.now() + seconds * 1000 };
  }
  const outcome = outcomeOfStatus(response.ok ? 502 : response.status, response.headers, clock.now());
  throw new OutcomeError(
    outcome.outcome === 'rejected'
      ? rejected('credentials', `Huawei refuses the client id or secret (HTTP ${response.status})`)
      : outcome,
  );
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
