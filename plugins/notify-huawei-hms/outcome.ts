// The outcome for each answer of Push Kit: the verdict is the code in the body, also with HTTP 200. Huawei
// calls tokens of another app invalid as well, so that alone never means that a device is gone.
import { accepted, outcomeOfStatus, parseRetryAfter, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse, RejectionReason } from '@belfry/plugin-kit';

export interface HuaweiAnswer {
  code: string;
  requestId: string | undefined;
  text: string;
}

const answerSchema = z
  .object({ code: z.coerce.string().default(''), requestId: z.string().optional() })
  .catch({ code: '' });

export async function readAnswer(response: PluginResponse): Promise<HuaweiAnswer> {
  const text = await response.text();
  const { code, requestId } = answerSchema.parse(parsed(text));
  return { code, requestId, text };
}

const payload = [
  '80100001',
  '80100003',
  '80100004',
  '80100013',
  '80100016',
  '80100018',
  '80100022',
  '80300008',
  '80300010',
];
const credentials = [
  ...['80200001', '80200006', '80300002', '80300011', '80300013', '80300036', '80300037', '80600003'],
];
const rejections = new Map<string, RejectionReason>([
  ...payload.map((code) => [code, 'payload'] as const),
  ...credentials.map((code) => [code, 'credentials'] as const),
]);
/** Of the access token, or of the signed one. */
const expired = new Set(['80200003', '80200005']);
const passing = new Set(['80300029', '81000001']);
const laterMs = 10_000;

export const imageUnchecked = '80100022';

export interface AnswerOf {
  response: PluginResponse;
  answer: HuaweiAnswer;
  isV3: boolean;
  nowMs: number;
  attempt: number;
}

export function isExpired({ code }: HuaweiAnswer): boolean {
  return expired.has(code);
}

export function outcomeOf({ response, answer, isV3, nowMs, attempt }: AnswerOf): Outcome {
  const { status, headers } = response;
  const { code, requestId } = answer;
  const said = code === '' ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  if (code === '80000000') return accepted(requestId);
  if (code === '80100000' || code === '80300007')
    return isV3 ? tokenVerdict(answer, said) : rejected('target_invalid', said);
  if (expired.has(code))
    return attempt === 1 ? retry(said, 0) : rejected('credentials', `${said}. Check the server's clock.`);
  const reason = rejections.get(code);
  if (reason !== undefined) return rejected(reason, said);
  const isPassing = passing.has(code) || status === 503 || status === 502 || status === 500;
  if (isPassing) return retry(said, Math.max(laterMs, parseRetryAfter(headers.get('retry-after'), nowMs) ?? 0));
  if (code !== '' && status < 500 && status !== 401) return rejected('payload', said);
  if (status === 404) return rejected('credentials', said);
  return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}

const goneWords = /"(tokenFormatError|tokenPlatformNotSupport)"/;
const accountWords = /"(noPushTypeRight|countryNotSupport|appinfoError|disableSend\w*Penalty|noRightToSend\w*)"/;

/** Version 3 says for each token what is wrong with it. */
function tokenVerdict({ text }: HuaweiAnswer, said: string): Outcome {
  const gone = goneWords.exec(text)?.[1];
  if (gone !== undefined) return rejected('target_gone', `${said} ${gone}`);
  const account = accountWords.exec(text)?.[1];
  if (account !== undefined) return rejected('credentials', `${said} ${account}`);
  return rejected('target_invalid', said);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
