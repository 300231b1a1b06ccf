// Reads the credential of a request, and says what is wrong with one: missing, malformed or unknown. Whom it
// belongs to is found by a door's `identify`.

import { BelfryError } from '@belfry/protocol';
import type { HttpContext } from '../context.ts';

/** Undefined without the header. Throws `unauthorized` for a header of another form. */
export function bearerOf(ctx: HttpContext): string | undefined {
  const header = ctx.get('Authorization');
  if (header === '') return undefined;
  const credential = /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
  if (credential === undefined) {
    throw unauthorized('The Authorization header is malformed. It must be `Bearer`, a blank, and the key or token.');
  }
  return credential;
}

export function missingCredential(): BelfryError {
  return unauthorized(
    'The Authorization header is missing. Send `Authorization: Bearer` with an API key or a user token.',
  );
}

export function unknownKey(): BelfryError {
  return unauthorized('The API key is unknown: it was never made here, or it was taken back.');
}

function unauthorized(message: string): BelfryError {
  return new BelfryError('unauthorized', { message });
}
