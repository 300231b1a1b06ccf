// Judges an upgrade request before anything is upgraded. Answering a refusal: refusal.ts; what becomes of those let in: gateway.ts.
import type { IncomingMessage } from 'node:http';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Refusal } from './refusal.ts';

const webSocketPath = '/ws';
const subprotocol = 'belfry.v1';

/**
 * Whether a request wants a WebSocket at all: what `shouldUpgradeCallback` of the HTTP server is for. Some HTTP clients (Java's, `curl --http2`)
 * ask for `Upgrade: h2c` with every request; those are to be answered as if they had not.
 */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** What can be said of the request alone. */
export function checkRequest(request: IncomingMessage): Refusal | { readonly appKey: string } {
  const [path, query] = splitTarget(request.url ?? '');
  if (path !== webSocketPath) return { status: 404, code: 'not_found' };
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
  return { appKey: new URLSearchParams(query).get('app') ?? '' };
}

/** What can be said once the app is known. */
export function checkApp(
  app: AppRecord | undefined,
  origin: string | undefined,
): Refusal | { readonly app: AppRecord } {
  if (app === undefined) return { status: 401, code: 'unauthorized', message: 'There is no such app.' };
  if (app.disabled) return { status: 403, code: 'page_disabled', message: 'The app is disabled.' };
  if (!isAllowedOrigin(app.allowedOrigins, origin)) {
    return { status: 403, code: 'forbidden', message: 'The origin is not on the list of the app.' };
  }
  return { app };
}

/** The subprotocol to answer with, and whether it is spoken here. None offered: none answered, and the newest is spoken. */
export function chooseSubprotocol(offered: ReadonlySet<string>): { answer: string | undefined; isSpoken: boolean } {
  if (offered.size === 0) return { answer: undefined, isSpoken: true };
  if (offered.has(subprotocol)) return { answer: subprotocol, isSpoken: true };
  // A browser drops a connection that chose none of those it offered, and would never see the close code that says why.
  return { answer: offered.values().next().value, isSpoken: false };
}

/** Whole origins, letter by letter. Native clients send none. `null` stands for any document without an origin, so a list cannot name it. */
function isAllowedOrigin(allowed: readonly string[], origin: string | undefined): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  return origin !== 'null' && allowed.includes(origin);
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
