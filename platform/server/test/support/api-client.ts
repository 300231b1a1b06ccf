// Calls the HTTP API of a running server as a tenant's back end does. For any server that a test started, in
// this process or another.

import { apiKey } from './provision.ts';

export interface ApiAnswer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

export interface ApiClient {
  /** A call under `/api/v1` with the app's API key, or with `token`. */
  api(method: string, path: string, body?: unknown, token?: string): Promise<ApiAnswer>;
  tokenOf(userId: string, claims?: Record<string, unknown>): Promise<string>;
}

/** `url` is asked at each call: a server that was restarted has another. */
export function createApiClient(url: () => string): ApiClient {
  const api: ApiClient['api'] = async (method, path, body, token = apiKey) => {
    const response = await fetch(`${url()}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  return {
    api,
    async tokenOf(userId, claims = {}) {
      const { status, body } = await api('POST', '/tokens', { userId, ...claims });
      if (status !== 201) throw new Error(`no token: ${JSON.stringify(body)}`);
      return String(body['token']);
    },
  };
}
