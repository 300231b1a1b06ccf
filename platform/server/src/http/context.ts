// The record of a request that the middleware share.

import type { ParameterizedContext, Middleware as KoaMiddleware } from 'koa';

export interface HttpState {
  requestId: string;
  /** The pattern of the route that took it, for metrics: never the path itself. */
  route?: string;
}

export type HttpContext = ParameterizedContext<HttpState>;
export type Middleware = KoaMiddleware<HttpState>;
