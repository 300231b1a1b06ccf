// The outcome for each answer of Slack: of its Web API, whose verdict is in the body, and of a webhook, whose
// verdict is a word.
import { accepted, outcomeOfStatus, parseRetryAfter, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z
  .object({
    ok: z.boolean().optional(),
    error: z.string().default(''),
    channel: z.string().optional(),
    ts: z.string().optional(),
  })
  .catch({ error: '' });
export type SlackAnswer = z.infer<typeof answerSchema>;

export async function readAnswer(response: PluginResponse): Promise<SlackAnswer> {
  return answerSchema.parse(await response.json().catch(() => ({})));
}

const gone = new Set(['channel_not_found', 'user_not_found', 'is_archived']);
const wrongPlace = new Set(['not_in_channel', 'restricted_action', 'cannot_dm_bot', 'user_disabled']);
const credentials = new Set([
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'missing_scope'],
  ...['ekm_access_denied', 'no_permission', 'org_login_required', 'access_denied'],
]);
const passing = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout']);
const throttled = new Set(['ratelimited', 'rate_limited']);

export function outcomeOfApi(
  response: PluginResponse,
  { ok, error, channel, ts }: SlackAnswer,
  nowMs: number,
): Outcome {
  const { status, headers } = response;
  const said = error === '' ? `HTTP ${status}` : error.slice(0, 100);
  if (ok === true) return accepted(channel === undefined || ts === undefined ? undefined : `${channel}:${ts}`);
  if (status === 429 || throttled.has(error)) return retry(said, parseRetryAfter(headers.get('retry-after'), nowMs));
  if (gone.has(error)) return rejected('target_gone', said);
  if (wrongPlace.has(error)) return rejected('target_invalid', `${said}: invite the bot to the channel`);
  if (credentials.has(error)) return rejected('credentials', said);
  if (passing.has(error)) return retry(said);
  if (error !== '') return rejected('payload', said);
  return response.ok ? retry(`HTTP ${status} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}

/** The hook is the configuration: what is wrong with it concerns all. */
const badHook = new Set([
  ...['no_team', 'no_service', 'no_active_hooks', 'no_service_id', 'channel_not_found', 'channel_is_archived'],
  ...['action_prohibited', 'invalid_token', 'posting_to_general_channel_denied'],
]);
const badContent = new Set(['invalid_payload', 'no_text', 'too_many_attachments', 'invalid_blocks']);

export function outcomeOfHook(response: PluginResponse, text: string, nowMs: number): Outcome {
  const { status, headers } = response;
  const word = /^[a-z_]{1,60}$/.exec(text.trim())?.[0] ?? '';
  const said = word === '' ? `HTTP ${status}` : `HTTP ${status} ${word}`;
  if (badHook.has(word)) return rejected('credentials', said);
  if (badContent.has(word)) return rejected('payload', said);
  if (word === 'rollup_error') return retry(said);
  if (response.ok) return accepted();
  if (status === 404 || status === 410) return rejected('credentials', said);
  const outcome = outcomeOfStatus(status, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}
