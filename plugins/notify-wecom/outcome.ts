// The outcome for each answer of a WeCom robot: the verdict is `errcode` in the body.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z.object({ errcode: z.int().optional(), errmsg: z.string().default('') }).catch({ errmsg: '' });

const throttledMs = 60_000;

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { errcode: code, errmsg } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status, headers } = response;
  const brief = errmsg.split(',')[0]?.slice(0, 100) ?? '';
  const said = code === undefined ? `HTTP ${status}` : `code ${code} ${brief}`.trim();
  if (code === 0) return accepted();
  if (code === 93_000) return rejected('credentials', `${said}: the address of the robot is not valid any more`);
  if (code === 45_009) return retry(said, throttledMs);
  if (code === -1) return retry(said);
  if (code !== undefined && status < 500 && status !== 429) return rejected('payload', said);
  return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}
