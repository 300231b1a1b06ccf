// The outcome for each status and reason of Apple. A token that is of another app, or of the other
// environment, is never taken for one that is gone.
import {
  accepted,
  checkResultOf,
  outcomeOfFailure,
  outcomeOfStatus,
  parseRetryAfter,
  rejected,
  retry,
  z,
} from '@belfry/plugin-kit';
import type { CheckResult, Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z.object({ reason: z.string().default('') }).catch({ reason: '' });

export async function reasonOf(response: PluginResponse): Promise<string> {
  if (response.ok) return '';
  return answerSchema.parse(await response.json().catch(() => ({}))).reason;
}

export interface AppleAnswer {
  response: PluginResponse;
  reason: string;
  nowMs: number;
  /** The topic is the device's own, not the configuration's. */
  hasOwnTopic: boolean;
  /** The token of the provider could be signed anew, as it is old enough for Apple. */
  isTokenOld: boolean;
}

const twentyMinutesMs = 20 * 60_000;
const throttledMs = 60_000;

const payloadReasons = new Set([
  ...['BadCollapseId', 'BadExpirationDate', 'BadMessageId', 'BadPriority', 'InvalidPushType', 'PayloadEmpty'],
  ...['DuplicateHeaders', 'PayloadTooLarge', 'BadPath', 'MethodNotAllowed'],
]);
const topicReasons = new Set(['MissingTopic', 'BadTopic', 'TopicDisallowed']);

export function outcomeOf({ response, reason, nowMs, hasOwnTopic, isTokenOld }: AppleAnswer): Outcome {
  const { status, headers, ok } = response;
  const said = reason === '' ? `HTTP ${status}` : `HTTP ${status} ${reason}`;
  if (ok) return accepted(headers.get('apns-id') ?? undefined);
  if (reason === 'Unregistered' || reason === 'ExpiredToken') return rejected('target_gone', said);
  if (reason === 'BadDeviceToken') return rejected('target_invalid', `${said}: no token of this environment`);
  if (reason === 'DeviceTokenNotForTopic') return rejected('target_invalid', `${said}: the token is of another app`);
  if (topicReasons.has(reason)) return rejected(hasOwnTopic ? 'target_invalid' : 'credentials', said);
  if (payloadReasons.has(reason)) return rejected('payload', said);
  if (reason === 'IdleTimeout') return retry(said);
  if (reason === 'ExpiredProviderToken')
    return isTokenOld ? retry(said, 0) : rejected('credentials', `${said}. Check the server's clock.`);
  if (reason === 'TooManyProviderTokenUpdates') return retry(said, twentyMinutesMs);
  const askedMs = parseRetryAfter(headers.get('retry-after'), nowMs);
  if (reason === 'TooManyRequests') return retry(said, askedMs ?? throttledMs, { scope: 'target' });
  // 410 always means the device; what else it could say, Apple does not tell.
  if (status === 400 || status === 410) return rejected('payload', said);
  const outcome = outcomeOfStatus(status, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}

/** Apple speaks HTTP/2 alone: with a proxy between that does not, every push fails, and no answer says why. */
export function failedCheck(thrown: unknown): CheckResult {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : undefined;
  const code: unknown = cause === undefined ? undefined : Reflect.get(cause, 'code');
  const isOtherProtocol =
    cause?.name === 'HTTPParserError' || (typeof code === 'string' && /^HPE_|NO_APPLICATION_PROTOCOL/.test(code));
  return isOtherProtocol
    ? { ok: false, detail: 'HTTP/2 is not available between this server and Apple' }
    : checkResultOf(outcomeOfFailure(thrown));
}
