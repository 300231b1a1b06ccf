// The HTTP edge: middleware in their order around the parts that answer. Which parts a node has is compose's;
// listening, and WebSocket upgrades, are not here.

import type { RequestListener } from 'node:http';
import Koa from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import type { Surroundings } from '../ports/surroundings.ts';
import type { HttpContext, HttpState, Middleware } from './context.ts';
import { docsPolicy } from './docs.ts';
import { adminPrefix } from './doors/admin/prefix.ts';
import { apiPrefix } from './doors/public/route-table.ts';
import { deadline } from './middleware/deadline.ts';
import { errors } from './middleware/errors.ts';
import { log as logRequests } from './middleware/log.ts';
import { crossOrigin } from './middleware/origin.ts';
import { requestId } from './middleware/request-id.ts';
import { trace } from './middleware/trace.ts';
import { url } from './middleware/url.ts';

export interface HttpDeps {
  surroundings: Surroundings;
  /** Where clients reach the server, where that is known. */
  publicUrl?: string | undefined;
  limits: { httpQueryBytes: number; requestDeadlineMs: number; uploadDeadlineMs: number };
  /** One after the other; each leaves what is not its own to the next. */
  parts: readonly Middleware[];
}

/** Nothing that the API answers is a page: whatever a browser makes of it may load nothing. */
const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/** Below this a compressed answer is not smaller by a packet. */
const compressFromBytes = 1400;

/** For `http.createServer(httpServerOptions(...), ...)`. */
export function createHttp({ surroundings, publicUrl, limits, parts }: HttpDeps): RequestListener {
  const { log, clock } = surroundings;
  const koa = new Koa<HttpState>();
  // Errors are answered in middleware; an error that arrives here is of a response that could not be written.
  koa.on('error', (err: unknown) => log.debug('response not written', { err }));
  if (surroundings.tracing !== undefined) koa.use(trace(surroundings.tracing));
  koa.use(logRequests(surroundings));
  koa.use(deadline({ clock, limits, isUpload }));
  koa.use(requestId());
  koa.use(securityHeaders());
  koa.use(crossOrigin({ isOwnOnly: isAdmin }));
  koa.use(compress({ threshold: compressFromBytes }));
  koa.use(errors({ ...surroundings, publicUrl }));
  koa.use(url(limits));
  for (const part of parts) koa.use(part);
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
}

function isAdmin({ path }: HttpContext): boolean {
  return path === adminPrefix || path.startsWith(`${adminPrefix}/`);
}

function isUpload({ method, path }: HttpContext): boolean {
  return method === 'POST' && path === `${apiPrefix}/uploads`;
}

function securityHeaders(): Middleware {
  // Only the operator of the proxy in front knows whether browsers may insist on TLS.
  const common = { strictTransportSecurity: false };
  const ofApi = helmet({ ...common, contentSecurityPolicy: { useDefaults: false, directives: apiPolicy } });
  const ofDocs = helmet({ ...common, contentSecurityPolicy: { useDefaults: false, directives: docsPolicy } });
  return async (ctx, next) => {
    await (ctx.path.startsWith('/docs/') ? ofDocs : ofApi)(ctx, next);
  };
}
