// Changes of how an app's users sign in, as records: its signing secrets and the address of its own issuer's
// keys. Writes nothing; what opens a secret: app-signing.ts.

import { BelfryError, notFound } from '@belfry/protocol';
import type { AppRecord } from '../../ports/stores/tenancy.ts';

type SigningSecret = AppRecord['signingSecrets'][number];

/** Each token without a `kid` is held against all of them. */
const maxSecrets = 10;

/** The newest signs. Throws `conflict` for one that is there, and `too_many`. */
export function withSecret(app: AppRecord, secret: SigningSecret): AppRecord {
  const { signingSecrets } = app;
  if (signingSecrets.some(({ kid }) => kid === secret.kid)) {
    throw new BelfryError('conflict', { message: 'The app has this secret already.', path: ['secret'] });
  }
  if (signingSecrets.length >= maxSecrets) {
    throw new BelfryError('too_many', { message: `An app has at most ${maxSecrets} signing secrets. Retire one.` });
  }
  return { ...app, signingSecrets: [secret, ...signingSecrets] };
}

/** Throws `not_found`, and `conflict` where nobody could sign in any more. */
export function withoutSecret(app: AppRecord, kid: string): AppRecord {
  const signingSecrets = app.signingSecrets.filter((secret) => secret.kid !== kid);
  if (signingSecrets.length === app.signingSecrets.length) throw notFound('signing secret');
  return canSignIn({ ...app, signingSecrets });
}

/** Without a URL the app has no issuer of its own. Throws `conflict` where nobody could sign in any more. */
export function withJwksUrl(app: AppRecord, url: string | undefined): AppRecord {
  const { jwksUrl: _before, ...rest } = app;
  return canSignIn(url === undefined ? rest : { ...rest, jwksUrl: url });
}

function canSignIn(app: AppRecord): AppRecord {
  if (app.signingSecrets.length > 0 || app.jwksUrl !== undefined) return app;
  throw new BelfryError('conflict', {
    message: 'Nobody could sign in any more. Make another signing secret first, or set a JWKS URL.',
  });
}
