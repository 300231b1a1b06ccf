// The outcome for each answer of Twilio: its own code decides, then the HTTP status.
import { accepted, outcomeOfStatus, parseRetryAfter, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse, RejectionReason } from '@belfry/plugin-kit';

const answerSchema = z
  .object({ sid: z.string().optional(), code: z.int().optional(), message: z.string().default('') })
  .catch({ message: '' });

const rejections = new Map<number, RejectionReason>([
  ...[21_211, 21_214, 21_217, 21_614].map((code) => [code, 'target_invalid'] as const),
  // The recipient has answered STOP.
  [21_610, 'target_gone'],
  ...[21_612, 21_408, 21_606, 21_659, 21_703, 20_003, 20_005, 20_404].map((code) => [code, 'credentials'] as const),
  ...[21_617, 21_602].map((code) => [code, 'payload'] as const),
  ...[30_002, 63_038].map((code) => [code, 'quota'] as const),
]);
const throttled = new Set([20_429, 14_107, 30_001]);
const throttledMs = 10_000;
const queueMs = 60_000;

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { sid, code } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  if (response.ok) return accepted(sid);
  if (code === 21_611) return retry(`${said}: the queue of the sender is full`, queueMs);
  if (status === 429 || (code !== undefined && throttled.has(code)))
    return retry(said, parseRetryAfter(headers.get('retry-after'), nowMs) ?? throttledMs);
  const reason = code === undefined ? undefined : rejections.get(code);
  if (reason !== undefined) return rejected(reason, said);
  const outcome = outcomeOfStatus(status, headers, nowMs);
  if (outcome.outcome !== 'rejected') return outcome;
  // A code that is not known says nothing of the account.
  return rejected(code === undefined ? outcome.reason : 'payload', said);
}
