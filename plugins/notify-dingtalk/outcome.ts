// The outcome for each answer of a DingTalk robot: the verdict is `errcode` in the body.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z.object({ errcode: z.int().optional(), errmsg: z.string().default('') }).catch({ errmsg: '' });

const credentials = new Set([310_000, 300_005, 300_001]);
/** A robot that is asked too often is silent for some minutes. */
const throttledMs = 60_000;

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { errcode: code, errmsg } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `code ${code} ${errmsg.slice(0, 200)}`.trim();
  if (code === 0) return accepted();
  if (code === 130_101) return retry(said, throttledMs);
  if (code === -1) return retry(said);
  if (code !== undefined && credentials.has(code)) return rejected('credentials', said);
  if (code !== undefined && status < 500 && status !== 429) return rejected('payload', said);
  return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}
