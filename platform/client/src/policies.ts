// The app's page policies and client settings: read with their ETag, kept between page loads. What follows from a policy: page-lifecycle.ts.
import { findPolicy, type ClientSettings, type WirePagePolicy } from '@belfry/protocol';
import { defaultSettings } from './reconnect.ts';
import { isObject, parseJson } from './serializer.ts';
import type { Clock, KeyValue } from './types.ts';

export interface Policies {
  /** Undefined until they were read once, now or on an earlier visit. */
  resolve(path: string): WirePagePolicy | undefined;
  settings(): ClientSettings;
  /** Reads them anew. Rejects when they cannot be had in that time (20 s unless said); what was kept stays. */
  read(withinMs?: number): Promise<void>;
  /** How long ago that was, ms; Infinity when not on this page load. */
  ageMs(): number;
  stop(): void;
}

export interface PoliciesOptions {
  app: string;
  /** Of the server, without a slash at its end. */
  baseUrl: string;
  /** Whether our own `If-None-Match` costs no preflight. Elsewhere the browser's cache sends its own. */
  isSameOrigin: boolean;
  fetch: typeof fetch;
  clock: Clock;
  keyValue: KeyValue;
}

interface Kept {
  etag: string | null;
  pages: WirePagePolicy[];
  client: ClientSettings;
}

const answerWithinMs = 20_000;

export function createPolicies({ app, baseUrl, isSameOrigin, fetch, clock, keyValue }: PoliciesOptions): Policies {
  const url = `${baseUrl}/api/v1/pages?app=${encodeURIComponent(app)}`;
  const key = `belfry:pages:${url}`;
  let kept = check(parseJson(keyValue.get(key) ?? ''));
  let readAt = -Infinity;
  let reading: { promise: Promise<void>; abort: AbortController } | undefined;

  async function readNow(abort: AbortController, withinMs: number): Promise<void> {
    const { signal } = abort;
    const cancelTimer = clock.setTimer(
      () => abort.abort(new Error('The page policies did not come in time.')),
      withinMs,
    );
    try {
      const etag = isSameOrigin ? kept?.etag : undefined;
      const response = await fetch(url, { signal, headers: typeof etag === 'string' ? { 'if-none-match': etag } : {} });
      if (response.status !== 304 || kept === undefined) {
        const body: unknown = await response.json().catch(() => undefined);
        if (!response.ok) throw new Error(reasonOf(response, body));
        const read = check(isObject(body) ? { ...body, etag: response.headers.get('etag') } : body);
        if (read === undefined) throw new Error('The page policies cannot be read.');
        kept = read;
        keyValue.set(key, JSON.stringify(kept));
      }
      readAt = clock.now();
    } finally {
      cancelTimer();
    }
  }

  return {
    resolve: (path) => (kept === undefined ? undefined : findPolicy(kept.pages, path)),
    settings: () => kept?.client ?? defaultSettings,
    read(withinMs = answerWithinMs) {
      if (reading !== undefined) return reading.promise;
      const abort = new AbortController();
      const promise = readNow(abort, withinMs).finally(() => (reading = undefined));
      reading = { promise, abort };
      return promise;
    },
    ageMs: () => clock.now() - readAt,
    stop: () => reading?.abort.abort(new Error('stopped')),
  };
}

function reasonOf({ status }: Response, body: unknown): string {
  const detail = isObject(body) ? (body['detail'] ?? body['code']) : undefined;
  return typeof detail === 'string' ? detail : `The page policies were answered with status ${status}.`;
}

/** Just enough not to trip over it: it may be from another version's visit, or a proxy's. */
function check(value: unknown): Kept | undefined {
  if (!isObject(value) || !Array.isArray(value['pages'])) return undefined;
  const pages = value['pages'].filter(
    (page: unknown) => isObject(page) && typeof page['pattern'] === 'string' && Array.isArray(page['features']),
  ) as WirePagePolicy[];
  const told = isObject(value['client']) ? value['client'] : {};
  const client = { ...defaultSettings };
  for (const name of Object.keys(client) as (keyof ClientSettings)[]) {
    const number = told[name];
    if (typeof number === 'number' && number >= 0) client[name] = number;
  }
  return { etag: typeof value['etag'] === 'string' ? value['etag'] : null, pages, client };
}
