// A door: one prefix, one table of routes. Takes a request through the steps that all have: who, how often,
// what, once only, answer.

import Router from '@koa/router';
import { BelfryError, idempotencyKeyHeader } from '@belfry/protocol';
import { Idempotent } from '../broadcasting/idempotent.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rates } from '../ports/rates.ts';
import type { IdempotencyStore } from '../ports/stores/index.ts';
import { addressOf } from './address.ts';
import type { ClientAddress } from './client-address.ts';
import type { HttpContext, HttpState, Middleware } from './context.ts';
import { isNamed } from './etag.ts';
import { createReadFileForm } from './middleware/file-form.ts';
import { createOnceOnly, type OnceOnly } from './middleware/idempotency.ts';
import { createReadJsonBody } from './middleware/json-body.ts';
import { checkOrigin } from './middleware/origin.ts';
import { missingCredential } from './middleware/credential.ts';
import { createTurns, type Turns } from './middleware/rate-limit.ts';
import type { Answer, RawRequest, Route } from './route.ts';
import { routed } from './routed.ts';

/** A caller that a door has identified. */
export interface Identified<C> {
  caller: C;
  /** A caller who has not said who they are: good for open routes alone. */
  isNobody?: true;
  /** Unique in their app, or in the door where they have none; requests are counted under it. */
  name: string;
  requestsPerMinute: number;
  /** Of requests whose answers are kept; absent: as many as may be made. */
  keptAnswersPerDay?: number;
  /** Keeps the answers under their `Idempotency-Key`s; without an app such keys are ignored. */
  app?: AppId;
  /** Web pages of other origins are refused; absent: `identify` has looked at the origin itself. */
  allowedOrigins?: readonly string[];
}

/**
 * Undefined when the request says nothing about who it comes from. Throws for a credential that is not good.
 */
export type Identify<C> = (ctx: HttpContext) => Promise<Identified<C> | undefined>;

export interface DoorLimits {
  httpBodyBytes: number;
  jsonDepth: number;
  /** Of an address without a good credential. */
  requestsPerMinute: number;
  idempotencyKeepMs: number;
  pageSize: number;
}

export interface DoorDeps<S, C> {
  /** As `/api/v1`. Everything below it is the door's: what is not in the table is not found. */
  prefix: string;
  table: readonly Route<S, C>[];
  identify: Identify<C>;
  /** The refusal of somebody who does not say who they are; absent: a missing `Authorization`. */
  refuseNobody?: () => BelfryError;
  services: S;
  /** Absent: no caller of the door has an app. */
  idempotency?: IdempotencyStore | undefined;
  rates: Pick<Rates, 'take'>;
  clock: Clock;
  clientAddress: ClientAddress;
  /** Where clients reach the server, where that is known; else as each of them says. */
  publicUrl?: string | undefined;
  limits: DoorLimits;
}

export function createDoor<S, C>(deps: DoorDeps<S, C>): Middleware {
  const { prefix, table } = deps;
  const door = new Door(deps);
  const router = new Router<HttpState>({ prefix });
  for (const route of table) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[route.method](path, async (ctx) => door.serve(ctx, route, ctx.params));
  }
  const routes = routed(router);
  return async (ctx, next) => {
    if (ctx.path === prefix || ctx.path.startsWith(`${prefix}/`)) await routes(ctx, async () => undefined);
    else await next();
  };
}

class Door<S, C> {
  readonly #deps: DoorDeps<S, C>;
  readonly #readBody: ReturnType<typeof createReadJsonBody>;
  readonly #readForm: ReturnType<typeof createReadFileForm>;
  readonly #onceOnly: OnceOnly | undefined;
  readonly #turns: Turns;

  constructor(deps: DoorDeps<S, C>) {
    const { idempotency: store, clock, limits } = deps;
    const keepMs = limits.idempotencyKeepMs;
    this.#deps = deps;
    this.#readBody = createReadJsonBody(limits);
    this.#readForm = createReadFileForm({ clock });
    this.#onceOnly = store === undefined ? undefined : createOnceOnly(new Idempotent({ store, clock, keepMs }));
    this.#turns = createTurns(deps.prefix, deps);
  }

  async serve(ctx: HttpContext, route: Route<S, C>, params: unknown): Promise<void> {
    const { prefix, services, limits } = this.#deps;
    ctx.state.route = `${prefix}${route.path}`;
    const known = await this.#identify(ctx);
    // Before the body: a megabyte from an unknown caller is not read.
    const isNobody = known === undefined || known.isNobody === true;
    if (isNobody && !route.access.isOpen) throw (this.#deps.refuseNobody ?? missingCredential)();
    const body = route.body === undefined ? undefined : await this.#readBody(ctx);
    const run = route.prepare(this.#rawRequest(ctx, { params, body: body?.value, caller: known?.caller }));
    // The schema knows the greatest page there can be; an installation may have chosen a smaller one.
    if (Number(ctx.query['limit'] ?? 0) > limits.pageSize) throw new BelfryError('bad_cursor', { path: ['limit'] });
    const key = route.method === 'get' || route.repeatable ? '' : ctx.get(idempotencyKeyHeader);
    if (key === '' || known?.app === undefined || this.#onceOnly === undefined) {
      respond(ctx, await run(undefined, services));
      return;
    }
    const { app, name, keptAnswersPerDay } = known;
    if (keptAnswersPerDay !== undefined) await this.#turns.takeOfDay(`${app} ${name}`, keptAnswersPerDay);
    const write = { app, caller: name, key, target: `${ctx.method} ${ctx.url}`, text: body?.text ?? '' };
    const { answer, replayed } = await this.#onceOnly(write, (token) => run(token, services));
    if (replayed) ctx.set('Idempotent-Replayed', 'true');
    respond(ctx, answer);
  }

  /** Throws what is wrong with the credential or the origin, and `rate_limited`. */
  async #identify(ctx: HttpContext): Promise<Identified<C> | undefined> {
    const known = await this.#identifyOrCount(ctx);
    if (known === undefined) {
      await this.#turns.takeAddress(ctx);
      return undefined;
    }
    const { app, name, requestsPerMinute, allowedOrigins } = known;
    if (allowedOrigins !== undefined) checkOrigin(ctx, allowedOrigins);
    await this.#turns.take(`${app ?? ''} ${name}`, requestsPerMinute);
    return known;
  }

  async #identifyOrCount(ctx: HttpContext): Promise<Identified<C> | undefined> {
    try {
      return await this.#deps.identify(ctx);
    } catch (error) {
      // Guessing credentials is as bounded as asking without any.
      await this.#turns.takeAddress(ctx);
      throw error;
    }
  }

  #rawRequest(ctx: HttpContext, read: Pick<RawRequest<C>, 'params' | 'body' | 'caller'>): RawRequest<C> {
    return {
      ...read,
      query: ctx.query,
      form: (receive) => this.#readForm(ctx, receive),
      address: addressOf(ctx, this.#deps.publicUrl),
    };
  }
}

function respond(ctx: HttpContext, { status, body, headers = {} }: Answer): void {
  ctx.status = status;
  // Answers are about people; a route that wants one kept says so.
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Authorization');
  ctx.set(headers);
  ctx.body = body === undefined ? null : body;
  if (body === undefined) ctx.status = status;
  const etag = headers['ETag'];
  if (status === 200 && etag !== undefined && isNamed(etag, ctx)) {
    ctx.status = 304;
    ctx.body = null;
  }
}
