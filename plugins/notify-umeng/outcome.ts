// The outcome for each answer of Umeng: `ret` decides, whatever the HTTP status. Its codes are nowhere listed
// whole, so its words are a second line; what neither says is given up, with code and words.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const text = z.union([z.string(), z.number()]).transform(String).default('');
const answerSchema = z
  .object({
    ret: z.string().default(''),
    data: z
      .object({ msg_id: z.string().optional(), error_code: text, error_msg: text })
      .default({ error_code: '', error_msg: '' }),
  })
  .catch({ ret: '', data: { error_code: '', error_msg: '' } });

const throttledMs = 60_000;
const credentials = new Set(['2027', '2018', '2019', '2004', '1000']);
const target = new Set(['2002', '2021', '2055', '2056']);

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { ret, data } = answerSchema.parse(await response.json().catch(() => ({})));
  const { error_code: code, error_msg: words } = data;
  const { status, headers } = response;
  if (ret === 'SUCCESS') return accepted(data.msg_id);
  if (code === '' && words === '')
    return response.ok ? retry(`HTTP ${status} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
  const said = `code ${code} ${words.slice(0, 200)}`.trim();
  if (code === '2028' || /timestamp|时间戳/i.test(words))
    return rejected('credentials', `${said}. Check the server's clock.`);
  if (code === '2058') return rejected('quota', said);
  if (code === '2044' || code === '2050') return retry(said, throttledMs);
  if (credentials.has(code)) return rejected('credentials', said);
  if (target.has(code)) return rejected('target_invalid', said);
  if (/^[56]\d{3}$/.test(code)) return retry(said);
  return byWords(words, said);
}

function byWords(words: string, said: string): Outcome {
  if (/device_?token/i.test(words)) return rejected('target_invalid', said);
  if (/\bsign|签名|app_?key/i.test(words)) return rejected('credentials', said);
  return /频率|too (many|fast)|\blimit/i.test(words) ? retry(said, throttledMs) : rejected('payload', said);
}
