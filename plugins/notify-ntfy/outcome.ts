// The outcome for each answer of an ntfy server: the code in its body says more than the HTTP status.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z
  .object({ id: z.string().optional(), code: z.int().optional(), error: z.string().default('') })
  .catch({ error: '' });
export type NtfyAnswer = z.infer<typeof answerSchema>;

export async function readAnswer(response: PluginResponse): Promise<NtfyAnswer> {
  return answerSchema.parse(await response.json().catch(() => ({})));
}

const visitorMs = 5_000;
const lockedMs = 60_000;

export function outcomeOf(response: PluginResponse, { id, code, error }: NtfyAnswer, nowMs: number): Outcome {
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code} ${error.slice(0, 200)}`.trim();
  if (response.ok) return accepted(id);
  if (code === 40009 || code === 40010) return rejected('target_invalid', said);
  if (code === 42908) return rejected('quota', said);
  if (code === 42909) return retry(said, lockedMs);
  if (status === 429) {
    const outcome = outcomeOfStatus(status, headers, nowMs);
    return outcome.outcome === 'retry' && outcome.afterMs !== undefined ? outcome : retry(said, visitorMs);
  }
  if (code === 50701 || status === 507) return retry(said);
  // The address is none of an ntfy server.
  if (status === 404) return rejected('credentials', said);
  const outcome = outcomeOfStatus(status, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}
