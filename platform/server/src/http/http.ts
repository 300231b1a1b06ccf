// The HTTP edge, put together: middleware in their order, the API, operations, docs. Listening is main's, WebSocket upgrades are the gateway's.

import type { RequestListener } from 'node:http';
import Koa from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { createApi, type ApiDeps } from './door.ts';
import { createClientAddress } from './client-address.ts';
import type { HttpContext, HttpState, Middleware } from './context.ts';
import { createFiles } from './files.ts';
import { deadline } from './middleware/deadline.ts';
import { createDocs, docsPolicy } from './docs.ts';
import { errors } from './middleware/errors.ts';
import { log as logRequests } from './middleware/log.ts';
import { crossOrigin } from './middleware/origin.ts';
import { requestId } from './middleware/request-id.ts';
import { url } from './middleware/url.ts';
import { webSocketPathOnly } from './middleware/web-socket-path.ts';
import { createOperations, type OperationsDeps } from './operations.ts';
import { PageCursors } from './page-cursor.ts';
import { apiPrefix } from './doors/public/route-table.ts';
import type { HttpServices } from './services.ts';

export interface HttpDeps extends Omit<ApiDeps, 'services' | 'clientAddress' | 'limits'> {
  services: Omit<HttpServices, 'cursors' | 'limits'>;
  /** A secret of the installation, the same on every node; cursors of lists are signed with a key made from it. */
  secret: string;
  health: OperationsDeps['health'];
  metrics: Metrics & OperationsDeps['metrics'];
  metricsToken?: string | undefined;
  log: Log;
  /** A number of hops, or addresses and ranges; undefined: no proxy is believed. */
  trustProxy?: string | undefined;
  limits: ApiDeps['limits'] &
    HttpServices['limits'] & { httpQueryBytes: number } & { requestDeadlineMs: number; uploadDeadlineMs: number };
  /** Other parts that take requests, such as inbound webhooks and the console. They come before the API, after errors and headers. */
  others?: readonly Middleware[];
  /** Paths that the bare address names beside the API and its docs. */
  pages?: Readonly<Record<string, string>>;
}

export interface Http {
  /** For `http.createServer(httpServerOptions(limits), ...)`. */
  callback(): RequestListener;
}

/** Nothing that the API answers is a page: whatever a browser makes of it may load nothing. */
const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/** Below this a compressed answer is not smaller by a packet. */
const compressFromBytes = 1400;

export function createHttp(deps: HttpDeps): Http {
  const { log, metrics, clock, limits } = deps;
  const services = { ...deps.services, limits, cursors: new PageCursors(deps.secret) };
  const koa = new Koa<HttpState>();
  const routers = [
    createApi({ ...deps, services, clientAddress: createClientAddress(deps.trustProxy) }),
    createFiles(services),
    createOperations(deps),
    createDocs(),
  ];

  // Errors are answered in middleware; what arrives here is a response that could not be written.
  koa.on('error', (error: unknown) => log.debug('response not written', { error }));
  koa.use(logRequests({ log, metrics, clock }));
  koa.use(deadline({ clock, limits, isUpload }));
  koa.use(requestId());
  koa.use(securityHeaders());
  koa.use(crossOrigin());
  koa.use(compress({ threshold: compressFromBytes }));
  koa.use(errors({ log, metrics }));
  koa.use(url(limits));
  koa.use(webSocketPathOnly());
  for (const other of deps.others ?? []) koa.use(other);
  for (const router of routers) koa.use(router.routes());
  for (const router of routers) koa.use(router.allowedMethods());
  koa.use(front(deps.pages));
  return { callback: () => koa.callback() };
}

function isUpload({ method, path }: HttpContext): boolean {
  return method === 'POST' && path === `${apiPrefix}/uploads`;
}

function securityHeaders(): Middleware {
  // Whether browsers may be told to insist on TLS, only whoever runs the proxy in front knows.
  const common = { strictTransportSecurity: false };
  const ofApi = helmet({ ...common, contentSecurityPolicy: { useDefaults: false, directives: apiPolicy } });
  const ofDocs = helmet({ ...common, contentSecurityPolicy: { useDefaults: false, directives: docsPolicy } });
  return async (ctx, next) => {
    await (ctx.path.startsWith('/docs/') ? ofDocs : ofApi)(ctx, next);
  };
}

/** Whoever comes to the bare address finds the way. */
function front(pages: HttpDeps['pages']): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/' || ctx.method !== 'GET') {
      await next();
      return;
    }
    ctx.state.route = '/';
    ctx.body = { name: 'belfry', api: '/api/v1', docs: '/docs/', openapi: '/openapi.json', ...pages };
  };
}
