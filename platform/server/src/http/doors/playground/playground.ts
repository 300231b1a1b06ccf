// `/playground/`: a page to try the server on, and the calls that it needs. Installed only where the configuration says so. The page itself: platform/playground.

import { BelfryError } from '@belfry/protocol';
import type { ClientAddress } from '../../client-address.ts';
import type { HttpContext, Middleware } from '../../context.ts';
import { createReadJsonBody } from '../../middleware/json-body.ts';
import { createRateLimit } from '../../middleware/rate-limit.ts';
import { Site } from '../../site.ts';
import { playgroundCalls, type PlaygroundServices } from './calls.ts';
import { isOwnPage, type PlaygroundReach } from './own-page.ts';

export interface Playground {
  /** One after the other; each leaves what is not its own to the next. */
  middleware: readonly Middleware[];
  path: string;
  /** Whether its page has been built. */
  isThere: () => Promise<boolean>;
}

export interface PlaygroundDeps {
  services: PlaygroundServices;
  reach: PlaygroundReach;
  publicUrl?: string | undefined;
  clientAddress: ClientAddress;
  /** The built page. */
  dir: string;
  limits: { httpBodyBytes: number; jsonDepth: number; requestsPerMinute: number };
}

const sitePath = '/playground';
const callPath = /^\/playground\/api(?:\/(.*))?$/;

/** What its page may load: its own files, and this server's API and WebSocket. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function createPlayground(deps: PlaygroundDeps): Playground {
  const site = new Site({ path: sitePath, dir: deps.dir, policy });
  return { middleware: [createCalls(deps), site.serve], path: `${sitePath}/`, isThere: () => site.isThere() };
}

function createCalls({ services, reach, publicUrl, clientAddress, limits }: PlaygroundDeps): Middleware {
  const readBody = createReadJsonBody(limits);
  const rateLimit = createRateLimit();

  return async (ctx, next) => {
    const path = callPath.exec(ctx.path);
    if (path === null) {
      await next();
      return;
    }
    const name = path[1] ?? '';
    ctx.state.route = '/playground/api/{call}';
    const call = Object.hasOwn(playgroundCalls, name) ? playgroundCalls[name] : undefined;
    if (call === undefined) throw new BelfryError('not_found');
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'POST');
      throw new BelfryError('method_not_allowed');
    }
    if (!isOwnPage(ctx, { reach, publicUrl })) refuse(ctx);
    await rateLimit.take(`address ${clientAddress(ctx.req)}`, limits.requestsPerMinute);
    const { value } = await readBody(ctx);
    ctx.body = await call.run(value, services, ctx.get('Origin'));
    ctx.status = 200;
    ctx.set('Cache-Control', 'no-store');
  };
}

/** Nor does another page get to read that. */
function refuse(ctx: HttpContext): never {
  ctx.remove('Access-Control-Allow-Origin');
  throw new BelfryError('forbidden', { message: 'Only the page of the playground may ask for this.' });
}
