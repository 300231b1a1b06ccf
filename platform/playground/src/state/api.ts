// The calls that the server answers to pages with its secret alone: tokens for any user, broadcasts,
// journeys, pushes. Also the page policies, which anybody may read.
import type {
  BroadcastInput,
  BroadcastResult,
  Conversation,
  ExplainResult,
  Journey,
  TokenAnswer,
  WirePagePolicy,
} from '@belfry/protocol';
import { noSecret, ProblemError, unreachable } from './problem.ts';

export interface AppChoice {
  key: string;
  name: string;
  disabled: boolean;
  /** The server makes its tokens; where it does not, nobody can be signed in here. */
  makesTokens: boolean;
  /** Its WebSocket accepts the origin of this page. */
  takesThisPage: boolean;
  /** It has the provider that pushes to pretend phones. */
  showsPushes: boolean;
}

export interface ShownPush {
  number: number;
  at: string;
  title: string;
  body: string;
  count: number;
  collapseKey: string;
  priority: string;
  data: Record<string, unknown>;
  cleared: boolean;
}

export interface PlaygroundApi {
  /** Origin, and path behind a proxy, of the server; for the SDK. */
  readonly serverUrl: string;
  /** Where all that is tried goes into one conversation; left out: each pair of people has its own. */
  readonly conversationId?: string;
  apps(): Promise<AppChoice[]>;
  token(app: string, user: { userId: string; name: string; topics: string[]; roles: string[] }): Promise<TokenAnswer>;
  /** Makes it, or adds the users who are not in it. */
  conversation(app: string, id: string, userIds: string[]): Promise<Conversation>;
  broadcast(app: string, request: BroadcastInput): Promise<BroadcastResult>;
  explain(app: string, request: BroadcastInput): Promise<ExplainResult>;
  journey(app: string, messageId: string): Promise<Journey>;
  pushes(app: string, deviceId: string): Promise<ShownPush[]>;
  pages(app: string): Promise<WirePagePolicy[]>;
  /** Whether the server can be reached. */
  answers(): Promise<boolean>;
}

/**
 * `serverUrl` is where the server's paths begin, without a slash at its end; `secret` is that of the address.
 */
export function createPlaygroundApi(serverUrl: string, secret: string): PlaygroundApi {
  async function call<T>(name: string, body: unknown): Promise<T> {
    const response = await ask(`${serverUrl}/playground/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'belfry-playground': secret },
      body: JSON.stringify(body),
    });
    // The secret is all that these calls want.
    if (response.status === 403) throw new ProblemError({ code: noSecret, message: response.statusText });
    return read<T>(response);
  }

  return {
    serverUrl,
    apps: async () => (await call<{ apps: AppChoice[] }>('apps', {})).apps,
    token: (app, user) => call('token', { app, ...user }),
    conversation: async (app, id, userIds) =>
      (await call<{ conversation: Conversation }>('conversation', { app, id, userIds })).conversation,
    broadcast: (app, request) => call('broadcast', { app, request }),
    explain: (app, request) => call('explain', { app, request }),
    journey: (app, messageId) => call('journey', { app, messageId }),
    pushes: async (app, deviceId) => (await call<{ pushes: ShownPush[] }>('pushes', { app, deviceId })).pushes,
    async pages(app) {
      const response = await ask(`${serverUrl}/api/v1/pages?app=${encodeURIComponent(app)}`);
      return (await read<{ pages: WirePagePolicy[] }>(response)).pages;
    },
    async answers() {
      try {
        await ask(`${serverUrl}/playground/`, { method: 'HEAD', cache: 'no-store' });
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Of a proxy that does not reach the server. */
const awayStatuses: ReadonlySet<number> = new Set([502, 504]);

async function ask(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request).catch((error: unknown) => {
    throw new ProblemError({ code: unreachable, message: String(error) });
  });
  if (awayStatuses.has(response.status)) throw new ProblemError({ code: unreachable, message: response.statusText });
  return response;
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => ({}));
  if (response.ok) return body as T;
  const { code, detail } = body as { code?: unknown; detail?: unknown };
  throw new ProblemError({
    code: typeof code === 'string' ? code : `http_${response.status}`,
    message: typeof detail === 'string' ? detail : `HTTP ${response.status}`,
  });
}
