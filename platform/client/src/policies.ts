// The app's page policies and client settings: read with their ETag, kept between page loads. What follows
// from a policy: page-lifecycle.ts.
import { findPolicy, type ClientSettings, type JsonObject, type WirePagePolicy } from '@belfry/protocol';
import { isObject, parseJson } from './serializer.ts';
import { TimedCall } from './timed-call.ts';
import type { Surroundings } from './types.ts';

export type Settings = ClientSettings & { attendedAfterMs: number };

export interface Policies {
  /** Undefined until they were read once, now or on an earlier visit. */
  resolve(path: string): WirePagePolicy | undefined;
  settings(): Settings;
  /**
   * Reads them anew. Rejects when they cannot be had in that time (20 s unless said); what was kept stays.
   */
  read(withinMs?: number): Promise<void>;
  /** How long ago that was, ms; Infinity when not on this page load. */
  ageMs(): number;
  stop(): void;
}

export interface PoliciesOptions {
  app: string;
  /** Of the server, without a slash at its end. */
  baseUrl: string;
  surroundings: Pick<Surroundings, 'fetch' | 'clock' | 'keyValue' | 'origin'>;
}

interface Kept {
  etag: string | null;
  pages: WirePagePolicy[];
  client: Settings;
}

/** Used until the server has sent its own. */
const defaultSettings: Settings = {
  connectionTimeoutMs: 20_000,
  heartbeatIntervalMs: 45_000,
  reconnectBaseMs: 2_000,
  reconnectMaxMs: 30_000,
  reconnectMaxAttempts: 15,
  attendedAfterMs: 60_000,
};

const answerWithinMs = 20_000;

export function createPolicies({ app, baseUrl, surroundings }: PoliciesOptions): Policies {
  const { fetch, clock, keyValue, origin } = surroundings;
  // The origin is checked where it can be read what is wrong with it: of a socket that is refused a page learns
  // nothing.
  const url = `${baseUrl}/api/v1/pages?${new URLSearchParams({ app, ...(origin && { origin }) })}`;
  /**
   * There the client's own `If-None-Match` costs no preflight. Elsewhere the browser's cache sends its own.
   */
  const isSameOrigin = origin === undefined || new URL(baseUrl).origin === origin;
  const key = `belfry:pages:${url}`;
  let kept = check(parseJson(keyValue.get(key) ?? ''));
  let readAt = -Infinity;
  const call = new TimedCall<void>(clock);

  async function readNow(signal: AbortSignal): Promise<void> {
    const etag = isSameOrigin ? kept?.etag : undefined;
    const response = await fetch(url, { signal, headers: etag ? { 'if-none-match': etag } : {} });
    if (response.status !== 304 || !kept) {
      const body: unknown = await response.json().catch(() => undefined);
      const read = response.ok && check({ ...(body as JsonObject), etag: response.headers.get('etag') });
      if (!read) throw (await import('./explain.ts')).policyError(response, body);
      kept = read;
      keyValue.set(key, JSON.stringify(kept));
    }
    readAt = clock.monotonic();
  }

  return {
    resolve: (path) => kept && findPolicy(kept.pages, path),
    settings: () => kept?.client ?? defaultSettings,
    read: (withinMs = answerWithinMs) => call.join(withinMs, readNow),
    ageMs: () => clock.monotonic() - readAt,
    stop: () => call.abort('stopped'),
  };
}

/** Just enough not to trip over it: it may be from another version's visit, or a proxy's. */
function check(value: unknown): Kept | undefined {
  if (!isObject(value) || !Array.isArray(value['pages'])) return undefined;
  const pages = value['pages'].filter(
    (page: unknown) => isObject(page) && typeof page['pattern'] === 'string' && Array.isArray(page['features']),
  ) as WirePagePolicy[];
  const given = isObject(value['client']) ? value['client'] : {};
  const client = { ...defaultSettings };
  for (const name of Object.keys(client) as (keyof Settings)[]) {
    const number = given[name];
    if (typeof number === 'number' && number >= 0) client[name] = number;
  }
  return { etag: typeof value['etag'] === 'string' ? value['etag'] : null, pages, client };
}
