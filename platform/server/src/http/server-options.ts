// Bounds that Node itself keeps to while a request arrives. The middleware checks what is in the request.

import type { ServerOptions } from 'node:http';

/**
 * How often Node looks for requests that take too long. Its own default, 30 s, would let a half request stay
 * for 40 s.
 */
const checkingIntervalMs = 500;

/** Headers beside the request line; Node's own default for all of them together. */
const headerBytes = 16_384;

/**
 * For `http.createServer`: headers and body must be complete within the deadline, or Node answers 408 and
 * closes.
 */
export function httpServerOptions(limits: {
  requestDeadlineMs: number;
  /** The longest that any body may take; middleware/deadline.ts holds all but uploads to the shorter one. */
  uploadDeadlineMs?: number;
  httpQueryBytes: number;
  /** How long a connection without a request is kept open. */
  keepAliveMs: number;
}): ServerOptions {
  const { requestDeadlineMs, uploadDeadlineMs = requestDeadlineMs, keepAliveMs } = limits;
  return {
    keepAliveTimeout: keepAliveMs,
    requestTimeout: Math.max(requestDeadlineMs, uploadDeadlineMs),
    // Both are of a request that has begun: an idle connection is not concerned, however short they are
    // beside the time it is kept.
    headersTimeout: limits.requestDeadlineMs,
    connectionsCheckingInterval: Math.min(checkingIntervalMs, limits.requestDeadlineMs),
    // A request line up to twice what is allowed is read, so that it can be answered with 400 and a reason
    // instead of Node's bare 431.
    maxHeaderSize: headerBytes + 2 * limits.httpQueryBytes,
  };
}
