// The calls that the clinic's back end makes to Belfry with its API key. The key never leaves this process.
import type { PutConversationBody, SendBody, TokenAnswer, TokenBody } from '@belfry/protocol';

export interface BelfryApi {
  createToken(body: TokenBody): Promise<TokenAnswer>;
  putConversation(id: string, body: PutConversationBody): Promise<void>;
  send(conversationId: string, body: SendBody): Promise<void>;
  /** A notice for these users, kept for those who are away. Returns how many it is for. */
  notify(userIds: readonly string[], notice: { title: string; body: string }): Promise<number>;
  /** Closes all their connections; tokens issued until now are worth nothing. */
  signOut(userId: string): Promise<void>;
}

/** Long enough for a busy server, short enough for a person who waits for a page. */
const timeoutMs = 10_000;

export function createBelfryApi({ url, apiKey }: { url: string; apiKey: string }): BelfryApi {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  return {
    createToken: (body) => call('POST', '/tokens', body),
    async putConversation(id, body) {
      await call('PUT', `/conversations/${encodeURIComponent(id)}`, body);
    },
    async send(conversationId, body) {
      await call('POST', `/chat/${encodeURIComponent(conversationId)}/send`, body);
    },
    async notify(userIds, data) {
      const body = { kind: 'system_notification', audience: { users: userIds }, data };
      const { recipients } = await call<{ recipients: number }>('POST', '/broadcasts', body);
      return recipients;
    },
    async signOut(userId) {
      await call('POST', `/users/${encodeURIComponent(userId)}/sign-out`);
    },
  };
}
