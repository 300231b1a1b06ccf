// Whether a request comes from the playground's own page. What the page may then ask for: calls.ts.

import { BelfryError } from '@belfry/protocol';
import { isLoopback } from '../../../config/addresses.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { HttpContext } from '../../context.ts';
import type { Identify } from '../../door.ts';

/**
 * `local`: for somebody at this machine. `open`: for anybody who reaches the server, because the operator
 * said so.
 */
export type PlaygroundReach = 'local' | 'open';

/** The only caller that the playground has. */
export interface OwnPage {
  /** As its browser says it. */
  origin: string;
}

export interface OwnPageDeps {
  reach: PlaygroundReach;
  publicUrl?: string | undefined;
  clientAddress: ClientAddress;
  limits: { requestsPerMinute: number };
}

/** Proxies add these. Behind one, `Host` no longer says where somebody sits. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

export function createIdentifyOwnPage(deps: OwnPageDeps): Identify<OwnPage> {
  return async (ctx) => {
    if (!isOwnPage(ctx, deps)) {
      // Another page does not get to read the refusal either.
      ctx.remove('Access-Control-Allow-Origin');
      throw new BelfryError('forbidden', { message: 'Only the page of the playground may ask for this.' });
    }
    // A name of its own: requests of other pages, which count for the address, use up nothing of it.
    const name = `page ${deps.clientAddress(ctx.req)}`;
    return { caller: { origin: ctx.get('Origin') }, name, requestsPerMinute: deps.limits.requestsPerMinute };
  };
}

/**
 * The page's own requests are POSTs, and with those every browser says which page they come from. That alone
 * is not enough: a page of an attacker whose name has been made to point to 127.0.0.1 is of the same origin
 * as the `Host` it asks for. So on a local playground the `Host` has to be a loopback one.
 */
function isOwnPage(ctx: HttpContext, { reach, publicUrl }: OwnPageDeps): boolean {
  if (!isSameOrigin(ctx.get('Origin'), ctx.host, publicUrl)) return false;
  if (reach === 'open') return true;
  return isLoopback(ctx.hostname.replace(/^\[|\]$/g, '')) && proxyHeaders.every((name) => ctx.get(name) === '');
}

function isSameOrigin(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || (publicUrl !== undefined && from.origin === new URL(publicUrl).origin);
}
