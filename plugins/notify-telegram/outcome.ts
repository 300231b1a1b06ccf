// The outcome for each answer of the Bot API. The verdict is in the body, whatever the HTTP status.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z
  .object({
    ok: z.boolean().default(false),
    result: z.object({ message_id: z.int().optional() }).optional().catch(undefined),
    error_code: z.int().optional(),
    description: z.string().default(''),
    parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).default({}),
  })
  .catch({ ok: false, description: '', parameters: {} });
export type TelegramAnswer = z.infer<typeof answerSchema>;

export async function readAnswer(response: PluginResponse): Promise<TelegramAnswer> {
  return answerSchema.parse(await response.json().catch(() => ({})));
}

const goneChat =
  /bot was blocked by the user|user is deactivated|bot was kicked|bot is not a member|chat not found|PEER_ID_INVALID/i;
const wrongPlace = /not enough rights|TOPIC_CLOSED|message thread not found|have no rights|CHAT_WRITE_FORBIDDEN/i;

/** `chatId` becomes a part of the message id, which is only unique in its chat. */
export function outcomeOf(
  response: PluginResponse,
  answer: TelegramAnswer,
  { chatId, nowMs }: { chatId: string; nowMs: number },
): Outcome {
  const { ok, result, description, parameters } = answer;
  const code = answer.error_code ?? response.status;
  const said = description === '' ? `HTTP ${code}` : `${code} ${description.slice(0, 200)}`;
  if (ok) return accepted(result?.message_id === undefined ? undefined : `${chatId}:${result.message_id}`);
  if (code === 429)
    return retry(said, parameters.retry_after === undefined ? undefined : parameters.retry_after * 1000);
  if (parameters.migrate_to_chat_id !== undefined)
    return rejected('target_invalid', `the group has another id now: ${parameters.migrate_to_chat_id}`);
  if ((code === 400 || code === 403) && goneChat.test(description)) return rejected('target_gone', said);
  if (code === 403 || (code === 400 && wrongPlace.test(description))) return rejected('target_invalid', said);
  if (code === 401 || code === 404) return rejected('credentials', `${said}: the token of the bot`);
  if (code === 409) return retry(said);
  if (response.ok) return retry(`HTTP ${code} without a verdict`);
  const outcome = outcomeOfStatus(code, response.headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}
