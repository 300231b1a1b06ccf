// Finds out whose session a request to the console's API is of, and refuses one that a page of another origin
// made. What the session may do: enter.ts.

import { BelfryError } from '@belfry/protocol';
import type { ConsoleSessions } from '../../../accounts/console-sessions.ts';
import { consoleApp } from '../../../ports/app-id.ts';
import { networkOf, type ClientAddress } from '../../client-address.ts';
import type { HttpContext } from '../../context.ts';
import type { Identify } from '../../door.ts';
import type { AdminCaller } from './caller.ts';
import { sessionTokenOf } from './cookie.ts';

const csrfHeader = 'X-Belfry-CSRF';

export interface IdentifyDeps {
  sessions: Pick<ConsoleSessions, 'find' | 'isCsrfOf'>;
  clientAddress: ClientAddress;
  /** Where browsers reach the server, where that is known. */
  publicUrl?: string | undefined;
  /** Whether `X-Forwarded-Proto` is a trusted proxy's. */
  trustsProxy: boolean;
  limits: { requestsPerMinute: number };
}

/** A person clicks less often, and a screen with its lists stays below it. */
const requestsPerMinute = 1200;
const maxAgentChars = 200;

export function createIdentify(deps: IdentifyDeps): Identify<AdminCaller> {
  const { sessions, clientAddress, limits } = deps;
  return async (ctx) => {
    const isChange = ctx.method !== 'GET' && ctx.method !== 'HEAD';
    if (isChange && !isFromOwnPage(ctx, deps)) throw csrf('The request comes from a page of another origin.');
    const isSecure = isReachedSecurely(ctx, deps);
    const token = sessionTokenOf(ctx, isSecure);
    const session = token === undefined ? undefined : await sessions.find(token);
    if (isChange && session !== undefined && !sessions.isCsrfOf(session, ctx.get(csrfHeader))) {
      throw csrf(`The header ${csrfHeader} is missing, or is of another session.`);
    }
    const address = clientAddress(ctx.req);
    const network = networkOf(address);
    const caller: AdminCaller = {
      ...{ session, network, isSecure, requestId: ctx.state.requestId, ifVersion: ifVersionOf(ctx) },
      origin: { address, agent: ctx.get('User-Agent').slice(0, maxAgentChars).toWellFormed() },
    };
    if (session === undefined) {
      return { caller, isNobody: true, name: `address ${network}`, requestsPerMinute: limits.requestsPerMinute };
    }
    return { caller, name: `account:${session.account.id}`, requestsPerMinute, app: consoleApp };
  };
}

/**
 * Browsers say where a request comes from: in `Sec-Fetch-Site` over https and on loopback, else in `Origin`.
 * A request that says neither is no page's, and has no cookie that it did not get here.
 */
function isFromOwnPage(ctx: HttpContext, { publicUrl }: Pick<IdentifyDeps, 'publicUrl'>): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '') return site === 'same-origin';
  const origin = ctx.get('Origin');
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === ctx.get('Host') || (publicUrl !== undefined && host === new URL(publicUrl).host);
}

function isReachedSecurely(
  ctx: HttpContext,
  { publicUrl, trustsProxy }: Pick<IdentifyDeps, 'publicUrl' | 'trustsProxy'>,
): boolean {
  if (publicUrl !== undefined) return publicUrl.startsWith('https:');
  return trustsProxy && ctx.get('X-Forwarded-Proto').split(',')[0]?.trim() === 'https';
}

function ifVersionOf(ctx: HttpContext): number | undefined {
  const given = ctx.get('If-Match');
  if (given === '') return undefined;
  return Number(/^(?:W\/)?"v(\d{1,15})"$/.exec(given.trim())?.[1] ?? 0);
}

function csrf(message: string): BelfryError {
  return new BelfryError('csrf', { message });
}
