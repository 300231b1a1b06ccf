// The outcome for each answer of a Feishu bot: the verdict is the code in the body.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z
  .object({ code: z.int().optional(), StatusCode: z.int().optional(), msg: z.string().default('') })
  .catch({ msg: '' });

const credentials = new Map([
  [19001, 'the address of the bot is not valid any more'],
  [19021, "the signature is refused: the secret, or the server's clock"],
  [19022, 'the address of this server is not on the list of the bot'],
  [19024, 'the bot wants a keyword in each message: take it off'],
]);
const throttledMs = 60_000;

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const answer = answerSchema.parse(await response.json().catch(() => ({})));
  const code = answer.code ?? answer.StatusCode;
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `code ${code}`;
  if (code === 0) return accepted();
  const refused = code === undefined ? undefined : credentials.get(code);
  if (refused !== undefined) return rejected('credentials', `${said}: ${refused}`);
  if (code === 11_232 || /too many request|frequency limit/i.test(answer.msg)) return retry(said, throttledMs);
  if (code !== undefined && status < 500 && status !== 429) return rejected('payload', said);
  return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}
