// A scripted network's reaction to one request: an answer, or a failure of a chosen kind. When, the fake host
// decides.
import type { PluginResponse } from '../provider-context.ts';

/**
 * `silence` answers nothing until the request is aborted; `cut` answers, but its body breaks off; the others
 * reject at once.
 */
export type Answer = HttpAnswer | { readonly network: 'reset' | 'refused' | 'silence' | 'cut' };

/**
 * The end of a connection that gives no socket; `reset` and `refused` fail at once, `silence` when it is
 * aborted.
 */
export interface FailedConnection {
  readonly network: 'reset' | 'refused' | 'silence';
}

export interface HttpAnswer {
  /** Any number: 999 is an answer that real services give. */
  readonly http: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | Uint8Array | object | null;
}

/** A request as a service would see it. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** `bytes` as UTF-8. */
  readonly body: string;
  /** Throws where the body is not JSON. */
  json(): unknown;
}

/**
 * Makes the response of an HTTP answer. As with real fetch its body can be read once only.
 * `cut` makes the body fail while it is read.
 */
export function respond(answer: HttpAnswer, cut = false): PluginResponse {
  let read = false;
  const bytes = bytesOf(answer.body);
  const take = (): Uint8Array => {
    if (read) throw new TypeError('Body is unusable: Body has already been read');
    read = true;
    if (cut) throw new TypeError('terminated', { cause: failure('UND_ERR_SOCKET', 'other side closed') });
    return bytes;
  };
  return {
    status: answer.http,
    ok: answer.http >= 200 && answer.http <= 299,
    headers: new Headers({ ...contentTypeOf(answer.body), ...answer.headers }),
    text: async () => new TextDecoder().decode(take()),
    json: async () => JSON.parse(new TextDecoder().decode(take())) as unknown,
    arrayBuffer: async () => new Uint8Array(take()).buffer,
  };
}

/**
 * The error real fetch rejects with. It names the address, as many a network stack does: addresses can hold
 * secrets.
 */
export function networkError(kind: 'reset' | 'refused', url: string): TypeError {
  return new TypeError(`fetch failed: ${url}`, { cause: connectError(kind) });
}

/** The error of Node for a connection that fails. */
export function connectError(kind: 'reset' | 'refused'): Error {
  return kind === 'reset'
    ? failure('ECONNRESET', 'read ECONNRESET')
    : failure('ECONNREFUSED', 'connect ECONNREFUSED 192.0.2.1:443');
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function bytesOf(body: HttpAnswer['body']): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

function contentTypeOf(body: HttpAnswer['body']): Record<string, string> {
  const isJson = typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
  return isJson ? { 'content-type': 'application/json' } : {};
}
