// The outcome for each answer of MiPush: the verdict is the code in the body, also with HTTP 200. The documents
// of Xiaomi do not list its codes in one place; an unknown one is given up, with its code and reason.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse, RejectionReason } from '@belfry/plugin-kit';

const dataSchema = z
  .object({
    id: z.string().optional(),
    bad_regids: z.string().optional(),
    channel_exceed_quota: z.coerce.string().optional(),
  })
  .catch({});
const answerSchema = z
  .object({
    code: z.int().optional(),
    reason: z.string().default(''),
    description: z.string().default(''),
    data: dataSchema.default({}),
  })
  .catch({ reason: '', description: '', data: {} });

const between = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);
const rejections = new Map<number, RejectionReason>([
  [20_301, 'target_gone'],
  ...[...between(22_000, 22_010), 10_016, 10_017, 10_018].map((code) => [code, 'payload'] as const),
  ...[21_301, 10_014, 10_013, 22_006, 66_108].map((code) => [code, 'credentials'] as const),
  [200_001, 'quota'],
]);
const throttled = new Set([10_022, 10_023, 10_024]);
const throttledMs = 60_000;
const passing = new Set([10_001, 10_002, 10_003, 10_009]);

export async function outcomeOf(
  response: PluginResponse,
  { regId, nowMs }: { regId: string; nowMs: number },
): Promise<Outcome> {
  const { code, reason, description, data } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status, headers } = response;
  const why = (reason || description).slice(0, 200);
  const said = code === undefined ? `HTTP ${status}` : `code ${code} ${why}`.trim();
  if (code === 0) {
    if (data.bad_regids?.split(',').includes(regId) === true) return rejected('target_gone', 'Xiaomi does not know it');
    if (data.channel_exceed_quota === '1') return rejected('quota', 'the quota of the channel is used up');
    return accepted(data.id);
  }
  if (code === undefined)
    return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
  if (throttled.has(code)) return retry(said, throttledMs);
  if (passing.has(code) || status >= 500) return retry(said);
  return rejected(rejections.get(code) ?? 'payload', said);
}
