// What a first client needs, in the order in which it meets it: what is there, and what stood in the way
// lately, with what mends it. Making the requests is the screen's.
import type { Connecting, Refusal } from '#lib/api/shapes.ts';

export type Cure =
  | { kind: 'allow'; origin: string }
  | { kind: 'inspect' }
  | { kind: 'pages'; page: string | undefined }
  | { kind: 'enable' }
  | undefined;

export interface Obstacle {
  id: string;
  /** What is to be mended. */
  what: 'origin' | 'token' | 'no_token' | 'page' | 'disabled' | 'role' | 'feature' | 'other';
  refusal: Refusal;
  cure: Cure;
}

/** Older ones are of yesterday's mistakes. */
const recentMs = 60 * 60_000;

const ofPages = new Set(['page_without_policy', 'page_disabled']);

export function obstaclesOf(
  refusals: readonly Refusal[],
  { allowedOrigins, connection, disabled }: Pick<Connecting, 'allowedOrigins' | 'connection' | 'disabled'>,
  nowMs: number,
): Obstacle[] {
  const since = connection === null ? 0 : Date.parse(connection.connectedAt);
  return refusals
    .filter(({ at }) => Date.parse(at) > Math.max(nowMs - recentMs, since))
    .map(obstacleOf)
    .filter(({ cure }) => {
      // It was mended since.
      if (cure?.kind === 'allow') return !allowedOrigins.includes(cure.origin) && !allowedOrigins.includes('*');
      return cure?.kind !== 'enable' || disabled;
    });
}

function obstacleOf(refusal: Refusal): Obstacle {
  const { reason, origin, page, code } = refusal;
  const id = [reason, origin, page].join(' ');
  if (reason === 'origin_not_allowed') {
    return { id, what: 'origin', refusal, cure: origin === undefined ? undefined : { kind: 'allow', origin } };
  }
  if (reason === 'app_disabled') return { id, what: 'disabled', refusal, cure: { kind: 'enable' } };
  if (ofPages.has(reason)) return { id, what: 'page', refusal, cure: { kind: 'pages', page } };
  if (reason === 'no_token') return { id, what: 'no_token', refusal, cure: undefined };
  if (reason === 'role_missing') return { id, what: 'role', refusal, cure: { kind: 'pages', page } };
  if (code === 'feature_disabled') return { id, what: 'feature', refusal, cure: { kind: 'pages', page } };
  const isOfToken = code === 'bad_token' || code === 'token_expired' || code === 'signed_out';
  return isOfToken
    ? { id, what: 'token', refusal, cure: { kind: 'inspect' } }
    : { id, what: 'other', refusal, cure: undefined };
}

/** A path that a first page can have: of those where people talk, before any other. */
export function pageToTry(pages: Connecting['pages']): string | undefined {
  const paths = pages.filter(({ pattern }) => pattern !== 'default' && !/[:*]/.test(pattern));
  return (paths.find(({ features }) => features.includes('messaging')) ?? paths[0])?.pattern;
}
