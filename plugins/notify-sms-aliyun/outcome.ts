// The outcome for each answer of Alibaba Cloud's SMS: the verdict is the code in the body.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse, RejectionReason } from '@belfry/plugin-kit';

const answerSchema = z
  .object({ Code: z.string().optional(), Message: z.string().default(''), BizId: z.string().optional() })
  .catch({ Message: '' });

const rejections = new Map<string, RejectionReason>([
  ['isv.MOBILE_NUMBER_ILLEGAL', 'target_invalid'],
  ...['isv.BLACK_KEY_CONTROL_LIMIT', 'isv.PARAM_LENGTH_LIMIT', 'isv.PARAM_NOT_SUPPORT_URL', 'isv.INVALID_PARAMETERS']
    .concat(['isv.TEMPLATE_MISSING_PARAMETERS', 'isv.INVALID_JSON_PARAM'])
    .map((code) => [code, 'payload'] as const),
  ...['isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL', 'isv.AMOUNT_NOT_ENOUGH', 'isv.OUT_OF_SERVICE'].map(
    (code) => [code, 'quota'] as const,
  ),
  ...['isv.SMS_SIGNATURE_ILLEGAL', 'isv.SMS_TEMPLATE_ILLEGAL', 'isv.PRODUCT_UN_SUBSCRIPT', 'isv.DENY_IP_RANGE']
    .concat(['InvalidAccessKeyId.NotFound', 'SignatureDoesNotMatch', 'InvalidTimeStamp.Expired'])
    .concat(['isp.RAM_PERMISSION_DENY'])
    .map((code) => [code, 'credentials'] as const),
]);

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { Code: code, Message: message, BizId: id } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, ${code.slice(0, 100)}`;
  if (code === 'OK') return accepted(id);
  if (code === undefined)
    return response.ok ? retry(`${said} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
  if (code === 'isv.BUSINESS_LIMIT_CONTROL') return retry(said, windowOf(message), { scope: 'target' });
  if (code === 'SignatureNonceUsed' || code === 'isp.SYSTEM_ERROR' || code.startsWith('Throttling')) return retry(said);
  if (code.startsWith('isv.ACCOUNT_')) return rejected('credentials', said);
  const reason = rejections.get(code);
  if (reason !== undefined) return rejected(reason, said);
  return status >= 500 ? retry(said) : rejected('payload', said);
}

/** So many a minute, an hour and a day to one number; which it was, is only in the text. */
function windowOf(message: string): number {
  if (message.includes('天')) return dayMs;
  return message.includes('小时') ? hourMs : minuteMs;
}
