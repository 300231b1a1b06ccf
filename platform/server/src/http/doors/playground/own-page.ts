// Whether a request comes from a page that was opened by the printed address. What the page may then ask for:
// calls.ts.

import { randomBytes } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import type { ClientAddress } from '../../client-address.ts';
import type { Identify } from '../../door.ts';
import { isSameSecret } from '../../same-secret.ts';

/** The only caller that the playground has. */
export interface OwnPage {
  /** As its browser says it. Nothing is allowed because of it. */
  origin: string;
}

export interface OwnPageDeps {
  secret: string;
  clientAddress: ClientAddress;
  limits: { requestsPerMinute: number };
}

/** The page sends the secret in it. */
const playgroundHeader = 'Belfry-Playground';

/** Made at each start: whoever has it can be any user of any app until the server stops. */
export function createPlaygroundSecret(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * The secret alone decides. Where a request comes from says nothing: behind a proxy every request comes from
 * this machine, and its headers are what somebody wrote.
 */
export function createIdentifyOwnPage({ secret, clientAddress, limits }: OwnPageDeps): Identify<OwnPage> {
  return async (ctx) => {
    if (!isSameSecret(ctx.get(playgroundHeader), secret)) {
      // Another page does not get to read the refusal either.
      ctx.remove('Access-Control-Allow-Origin');
      const message = 'Open the playground by the whole address that the server printed at its start.';
      throw new BelfryError('forbidden', { message });
    }
    // A name of its own: requests of other pages, which count for the address, use up nothing of it.
    const name = `page ${clientAddress(ctx.req)}`;
    return { caller: { origin: ctx.get('Origin') }, name, requestsPerMinute: limits.requestsPerMinute };
  };
}
