// The HTTP API with the user's token: one call, its errors, one more try with a fresh token, and no call without
// a user.
import type { Auth } from './auth.ts';
import { CommandError, messageOf } from './command-error.ts';
import { isObject, parseJson, readFailure } from './serializer.ts';
import type { CommandFailure, HttpInit } from './types.ts';

export type Http = <T = unknown>(path: string, init?: HttpInit) => Promise<T>;

/** `baseUrl` is the server's, without a slash at its end; empty where it is not known. */
export function createHttp(
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  auth: Pick<Auth, 'token' | 'invalidate'>,
): Http {
  /** Rejects with a `CommandError`; with the signal's reason when the caller gave up. */
  return async <T>(path: string, init: HttpInit = {}): Promise<T> => {
    let answer = await call(path, init);
    if (answer.response.status === 401) {
      auth.invalidate();
      answer = await call(path, init);
    }
    const { response, text } = answer;
    const body = parseJson(text);
    // A body that is no JSON is not the server's, whatever its status: it is a proxy's, or a portal's that
    // wants a password.
    if (!response.ok || (body === undefined && text !== '')) throw errorOf(response, body);
    return body as T;
  };

  async function call(
    path: string,
    { method, body, signal, fetch: send = fetch }: HttpInit,
  ): Promise<{ response: Response; text: string }> {
    if (!baseUrl) throw new Error('`url` is needed where there is no page: the address of the server.');
    const isForm = typeof FormData !== 'undefined' && body instanceof FormData;
    try {
      const token = await auth.token('http');
      // The server would only say so too, in red in the console.
      if (!token) throw new CommandError({ code: 'signed_out', message: 'Nobody is signed in.', retry: 'never' });
      const response = await send(`${baseUrl}/api/v1${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          authorization: `Bearer ${token.text}`,
          ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        },
        body: isForm ? body : body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
      });
      return { response, text: await response.text() };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (error instanceof CommandError) throw error;
      throw new CommandError({ code: 'connection_lost', message: messageOf(error), retry: 'same' });
    }
  }
}

/** With its question mark; empty without any. */
export function queryOf(query: Record<string, string | number> = {}): string {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** A problem of the server's, or what stands before it said instead. */
function errorOf({ status, statusText, headers }: Response, body: unknown): CommandError {
  const { code, detail, afterMs, path } = isObject(body) ? body : {};
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const isForLater = status === 429 || status === 503;
  return new CommandError(
    readFailure({
      code: code ?? `http_${status}`,
      message: detail ?? statusText,
      retry: isForLater ? 'after' : status === 408 || status >= 500 ? 'same' : 'never',
      afterMs: isForLater ? (seconds >= 0 ? seconds * 1000 : (afterMs ?? 1000)) : undefined,
      path,
    }),
  );
}

/**
 * The failure of a rejected call, for callers that go on after it. A defect, which is no `CommandError`, is
 * reported and will not go better later.
 */
export function failureOf(error: unknown, report: (error: unknown) => void): CommandFailure {
  if (error instanceof Error && 'code' in error && 'retry' in error) return error as Error & CommandFailure;
  report(error);
  return { code: 'internal', message: String(error), retry: 'never' };
}
