// Checks an upgrade request before anything is upgraded. Answering a refusal: refusal.ts; the load of the
// node and the limits: admission.ts.
import type { IncomingMessage } from 'node:http';
import { isAllowedOrigin, isOwnOrigin } from '@belfry/protocol';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { Refusal } from './refusal.ts';

/**
 * Whether a request wants a WebSocket at all: what `shouldUpgradeCallback` of the HTTP server is for. Some
 * HTTP clients (Java's, `curl --http2`) ask for `Upgrade: h2c` with every request; those are to be answered
 * as if they had not.
 */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** An upgrade that is sound as far as the request alone shows. */
export interface SoundUpgrade {
  readonly appKey: string;
  readonly dialect: Dialect;
}

export function checkRequest(request: IncomingMessage, dialects: readonly Dialect[]): Refusal | SoundUpgrade {
  const sound = chooseDialect(request, dialects);
  if (sound === undefined) return { status: 404, code: 'not_found' };
  if (request.method !== 'GET') return { status: 405, code: 'method_not_allowed', headers: { allow: 'GET' } };
  if (!isWebSocketUpgrade(request)) {
    return upgradeRequired('The upgrade header must be websocket.');
  }
  if (request.headers['sec-websocket-version'] !== '13') {
    return upgradeRequired('The WebSocket version must be 13.');
  }
  if (!/^[A-Za-z0-9+/]{22}==$/.test(request.headers['sec-websocket-key'] ?? '')) {
    return { status: 400, code: 'bad_request', message: 'The sec-websocket-key header must be 16 bytes in base64.' };
  }
  return sound;
}

/** By the target of the request: each dialect has paths of its own. */
export function chooseDialect(request: IncomingMessage, dialects: readonly Dialect[]): SoundUpgrade | undefined {
  const [path, query] = splitTarget(request.url ?? '');
  for (const dialect of dialects) {
    const appKey = dialect.appKeyOf(path, query);
    if (appKey !== undefined) return { appKey, dialect };
  }
  return undefined;
}

/** The checks that need the app. */
export function checkApp(
  app: AppRecord | undefined,
  { origin, host }: { origin: string | undefined; host: string | undefined },
): Refusal | { readonly app: AppRecord } {
  if (app === undefined)
    return { status: 401, code: 'unauthorized', message: 'There is no such app.', reason: 'unknown_app' };
  if (app.disabled)
    return { status: 403, code: 'page_disabled', message: 'The app is disabled.', reason: 'app_disabled' };
  // Native clients send none. Of our own pages, the console shows live data, and what the users of an app see.
  if (origin !== undefined && !isOwnOrigin(origin, host) && !isAllowedOrigin(app.allowedOrigins, origin)) {
    const message = 'The origin is not on the list of the app.';
    return { status: 403, code: 'forbidden', message, reason: 'origin_not_allowed' };
  }
  return { app };
}

/** The subprotocol to answer with, and whether it is spoken here. None offered: none answered. */
export function chooseSubprotocol(
  offered: ReadonlySet<string>,
  { subprotocol }: Pick<Dialect, 'subprotocol'>,
): { answer: string | undefined; isSpoken: boolean } {
  if (offered.size === 0) return { answer: undefined, isSpoken: true };
  if (subprotocol !== undefined && offered.has(subprotocol)) return { answer: subprotocol, isSpoken: true };
  // A browser drops a connection that chose none of those it offered, and would never see the close code that
  // says why.
  return { answer: offered.values().next().value, isSpoken: subprotocol === undefined };
}

/** ws has read the header by the same rule and refused it where it was malformed. */
export function offeredProtocols(request: IncomingMessage): ReadonlySet<string> {
  const header = request.headers['sec-websocket-protocol'];
  return new Set(header?.split(',').map((name) => name.trim()) ?? []);
}

function splitTarget(target: string): [path: string, query: string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

function upgradeRequired(message: string): Refusal {
  return {
    status: 426,
    code: 'bad_request',
    message,
    headers: { upgrade: 'websocket', 'sec-websocket-version': '13' },
  };
}
