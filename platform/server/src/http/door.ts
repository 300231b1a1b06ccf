// Takes a request through the steps that every route has: who, how often, what, once only, answer. What each route does is its own.

import Router from '@koa/router';
import { BelfryError, idempotencyKeyHeader } from '@belfry/protocol';
import type { IdempotencyStore } from '../ports/stores/index.ts';
import type { Clock } from '../ports/clock.ts';
import { nameOf } from './caller.ts';
import type { ClientAddress } from './client-address.ts';
import type { HttpContext, HttpState } from './context.ts';
import { authenticate, type Authenticated, type AuthDeps } from './middleware/auth.ts';
import { createOnceOnly } from './middleware/idempotency.ts';
import { createReadFileForm } from './middleware/file-form.ts';
import { createReadJsonBody } from './middleware/json-body.ts';
import { checkOrigin } from './middleware/origin.ts';
import { createRateLimit } from './middleware/rate-limit.ts';
import type { Answer, Route } from './route.ts';
import { apiPrefix, routeTable } from './doors/public/route-table.ts';
import type { HttpServices } from './services.ts';

export interface ApiDeps extends AuthDeps {
  services: HttpServices;
  idempotency: IdempotencyStore;
  clock: Clock;
  clientAddress: ClientAddress;
  /** Where clients reach the server, where that is known; else as each of them says. */
  publicUrl?: string | undefined;
  limits: {
    httpBodyBytes: number;
    jsonDepth: number;
    requestsPerMinute: number;
    idempotencyKeepMs: number;
    pageSize: number;
  };
}

export function createApi(deps: ApiDeps): Router<HttpState> {
  const { services, idempotency, clock, clientAddress, limits } = deps;
  const readBody = createReadJsonBody(limits);
  const readForm = createReadFileForm({ clock });
  const onceOnly = createOnceOnly({ store: idempotency, clock, keepMs: limits.idempotencyKeepMs });
  const rateLimit = createRateLimit();
  const router = new Router<HttpState>({ prefix: apiPrefix });

  for (const route of routeTable) {
    router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (ctx) => serve(ctx, route, ctx.params));
  }
  return router;

  async function serve(ctx: HttpContext, route: Route, params: unknown): Promise<void> {
    ctx.state.route = `${apiPrefix}${route.path}`;
    const known = await identify(ctx);
    if (known !== undefined) checkOrigin(ctx, known.record);
    await takeTurn(ctx, known);
    // Before the body: nobody need read a megabyte of somebody unknown.
    if (known === undefined && route.auth !== 'public') throw new BelfryError('unauthorized');
    const body = route.body === undefined ? undefined : await readBody(ctx);
    const run = route.prepare({
      caller: known?.caller,
      params,
      query: ctx.query,
      body: body?.value,
      form: (receive) => readForm(ctx, receive),
      address: (deps.publicUrl ?? `${ctx.protocol}://${ctx.host}`).replace(/\/$/, ''),
    });
    // The schema knows the greatest page there can be; an installation may have chosen a smaller one.
    if (Number(ctx.query['limit'] ?? 0) > limits.pageSize) throw new BelfryError('bad_cursor', { path: ['limit'] });
    const key = route.method === 'get' || route.repeatable ? '' : ctx.get(idempotencyKeyHeader);
    if (key === '' || known === undefined) {
      respond(ctx, await run(undefined, services));
      return;
    }
    const write = { caller: known.caller, key, target: `${ctx.method} ${ctx.url}`, text: body?.text ?? '' };
    const { answer, replayed } = await onceOnly(write, (token) => run(token, services));
    if (replayed) ctx.set('Idempotent-Replayed', 'true');
    respond(ctx, answer);
  }

  async function identify(ctx: HttpContext): Promise<Authenticated | undefined> {
    try {
      return await authenticate(ctx, deps);
    } catch (error) {
      // Guessing credentials is as bounded as asking without any.
      await takeTurn(ctx, undefined);
      throw error;
    }
  }

  async function takeTurn(ctx: HttpContext, known: Authenticated | undefined): Promise<void> {
    if (known === undefined) {
      await rateLimit.take(`address ${clientAddress(ctx.req)}`, limits.requestsPerMinute);
    } else {
      const { caller, record } = known;
      await rateLimit.take(`${caller.app} ${nameOf(caller)}`, record.limits.requestsPerMinute);
    }
  }
}

function respond(ctx: HttpContext, { status, body, headers = {} }: Answer): void {
  ctx.status = status;
  // Answers are about people; whoever wants one kept says so.
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Authorization');
  ctx.set(headers);
  ctx.body = body === undefined ? null : body;
  if (body === undefined) ctx.status = status;
  if (status === 200 && isKnown(headers['ETag'], ctx.get('If-None-Match'))) {
    ctx.status = 304;
    ctx.body = null;
  }
}

/**
 * Whether the client names this version. Koa's own `fresh` gives way to a `Cache-Control: no-cache` of the request, and that is what `fetch` adds to every
 * request with an `If-None-Match` of its caller's.
 */
function isKnown(etag: string | undefined, ifNoneMatch: string): boolean {
  if (etag === undefined) return false;
  const known = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
