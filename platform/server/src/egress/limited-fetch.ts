// One outgoing HTTP call: no redirects, a bounded answer, bounded time. Which addresses may be reached is
// decided by `call`, which is guard.ts.
import type { PluginRequest, PluginResponse } from '@belfry/plugin-kit';
import type { Clock } from '../ports/clock.ts';
import { withinLimit } from '../concurrency/time-limit.ts';

export interface OutboundRequest {
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  redirect: 'manual';
  signal: AbortSignal;
}

type OutboundResponse = Pick<PluginResponse, 'status' | 'ok' | 'headers'> & { body: AsyncIterable<Uint8Array> | null };

export interface LimitedRequest extends PluginRequest {
  /** From the beginning of the call, the wait for its turn included, to the end of its answer. */
  limitMs: number;
  /** The app of the call; left out, it is the installation's. */
  app?: string | undefined;
}

/** Lets calls take turns by app, then by the host they go to. Rejects as FairPool.run. */
export type InTurn = <T>(turn: { app: string; user: string; signal: AbortSignal }, run: () => Promise<T>) => Promise<T>;

export type LimitedFetch = (url: string | URL, request: LimitedRequest) => Promise<PluginResponse>;

/** Makes one request and follows nothing. */
export type OutboundCall = (url: URL, request: OutboundRequest) => Promise<OutboundResponse>;

/**
 * The most of an answer that is read: enough for any service's explanation, too little to fill the memory
 * with.
 */
const longestAnswerBytes = 64 * 1024;

/**
 * The body is read at once, as far as 64 KiB, so that a plugin which looks at the status alone leaves no
 * connection hanging; if it broke off, reading it says so.
 */
export function createLimitedFetch(deps: { clock: Clock; call: OutboundCall; inTurn: InTurn }): LimitedFetch {
  const { clock, call, inTurn } = deps;
  return async (url, init) => {
    const target = new URL(url);
    if (target.protocol !== 'https:' && target.protocol !== 'http:') {
      throw new TypeError('Only http and https addresses can be called');
    }
    if (target.username !== '' || target.password !== '') throw new TypeError('An address must not hold credentials');
    const { method = 'GET', headers = {}, body, limitMs, app = '' } = init;
    return withinLimit({ clock, limitMs, signal: init.signal }, (signal) =>
      inTurn({ app, user: target.host, signal }, async () => {
        const response = await call(target, {
          method,
          headers: { ...headers },
          // A view of shared memory is no body; a copy is always one.
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
          redirect: 'manual',
          signal,
        });
        return answerOf(response, await readBody(response));
      }),
    );
  };
}

type BodyRead = { ok: true; bytes: Uint8Array } | { ok: false; error: unknown };

async function readBody(response: OutboundResponse): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    // Leaving the loop early cancels the stream, and with it the connection.
    const stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
    for await (const chunk of stream) {
      chunks.push(chunk.subarray(0, longestAnswerBytes - length));
      length += chunk.length;
      if (length >= longestAnswerBytes) break;
    }
    return { ok: true, bytes: Buffer.concat(chunks) };
  } catch (error) {
    return { ok: false, error };
  }
}

function answerOf(response: OutboundResponse, body: BodyRead): PluginResponse {
  const take = (): Uint8Array => {
    if (body.ok) return body.bytes;
    throw body.error;
  };
  return {
    status: response.status,
    ok: response.ok,
    headers: response.headers,
    text: async () => new TextDecoder().decode(take()),
    json: async () => JSON.parse(new TextDecoder().decode(take())) as unknown,
    arrayBuffer: async () => new Uint8Array(take()).buffer,
  };
}
