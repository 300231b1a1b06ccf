// The HTTP API with the user's token: one call, its errors, one more try with a fresh token.
import type { Auth } from './auth.ts';
import { CommandError } from './command-error.ts';
import { isObject, readFailure } from './serializer.ts';
import type { HttpInit } from './types.ts';

export type Http = <T = unknown>(path: string, init?: HttpInit) => Promise<T>;

export function createHttp({
  baseUrl,
  fetch,
  auth,
}: {
  /** Of the server, without a slash at its end. */
  baseUrl: string;
  fetch: typeof globalThis.fetch;
  auth: Pick<Auth, 'token' | 'invalidate'>;
}): Http {
  /** Rejects with a `CommandError`; with the signal's reason when the caller gave up. */
  return async <T>(path: string, init: HttpInit = {}): Promise<T> => {
    let response = await call(path, init);
    if (response.status === 401) {
      auth.invalidate();
      response = await call(path, init);
    }
    if (!response.ok) throw await errorOf(response);
    const text = await read(response, init);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };

  async function call(path: string, { method, body, signal, fetch: send = fetch }: HttpInit): Promise<Response> {
    const token = await tokenFor();
    const isForm = typeof FormData !== 'undefined' && body instanceof FormData;
    const headers: Record<string, string> = {};
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
    try {
      return await send(`${baseUrl}/api/v1${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw networkError(error, signal);
    }
  }

  async function tokenFor(): Promise<string | undefined> {
    try {
      return (await auth.token('http'))?.text;
    } catch (error) {
      throw networkError(error);
    }
  }
}

async function read(response: Response, { signal }: HttpInit): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw networkError(error, signal);
  }
}

function networkError(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason;
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError({ code: 'connection_lost', message, retry: 'same' });
}

/** A problem of the server's, or what a proxy before it said instead. */
async function errorOf(response: Response): Promise<CommandError> {
  const { status } = response;
  const problem: unknown = await response.json().catch(() => undefined);
  const said = isObject(problem) ? problem : {};
  const afterMs = retryAfterMs(response) ?? said['afterMs'];
  const isForLater = status === 429 || status === 503;
  return new CommandError(
    readFailure({
      code: said['code'] ?? `http_${status}`,
      message: said['detail'] ?? response.statusText,
      retry: isForLater ? 'after' : status === 408 || status >= 500 ? 'same' : 'never',
      ...(isForLater ? { afterMs: afterMs ?? 1000 } : {}),
      ...(said['path'] === undefined ? {} : { path: said['path'] }),
    }),
  );
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
