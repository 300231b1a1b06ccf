// The outcome for each answer of FCM HTTP v1. What "wrong app" means is never that a device is gone.
import { accepted, outcomeOfStatus, rejected, retry, parseRetryAfter, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

export interface FcmAnswer {
  name?: string | undefined;
  status: string;
  code: string;
  message: string;
  fields: readonly string[];
}

const detailSchema = z.object({
  errorCode: z.string().optional(),
  fieldViolations: z.array(z.object({ field: z.string().default('') })).optional(),
});
const answerSchema = z
  .object({
    name: z.string().optional(),
    error: z
      .object({
        status: z.string().default(''),
        message: z.string().default(''),
        details: z.array(detailSchema.catch({})).default([]),
      })
      .optional(),
  })
  .catch({});

export async function readAnswer(response: PluginResponse): Promise<FcmAnswer> {
  const { name, error } = answerSchema.parse(await response.json().catch(() => ({})));
  const { status = '', message = '', details = [] } = error ?? {};
  return {
    ...{ name, status, message },
    code: details.map(({ errorCode }) => errorCode).find((code) => code !== undefined) ?? '',
    fields: details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field)),
  };
}

export interface AnswerContext {
  response: PluginResponse;
  answer: FcmAnswer;
  nowMs: number;
  attempt: number;
}

const throttledMs = 60_000;
const downMs = 10_000;

export function outcomeOf({ response, answer, nowMs, attempt }: AnswerContext): Outcome {
  const { status: http, headers } = response;
  const { code, status } = answer;
  const said = `HTTP ${http}${code || status ? ` ${code || status}` : ''}`;
  if (response.ok) return accepted(answer.name?.split('/').at(-1));
  if (http === 404) {
    return code === 'UNREGISTERED'
      ? rejected('target_gone', said)
      : rejected('credentials', `${said}: there is no such project, or its messaging API is off`);
  }
  if (http === 400) return rejected(isAboutToken(answer) ? 'target_invalid' : 'payload', said);
  if (code === 'SENDER_ID_MISMATCH') return rejected('target_invalid', `${said}: the token is of another project`);
  if (code === 'THIRD_PARTY_AUTH_ERROR') {
    // It concerns Apple devices and browsers; those with Android go on.
    return rejected('target_invalid', `${said}: the APNs key, or the Web Push key, is missing in Firebase`);
  }
  if (http === 401) {
    // The token may have been withdrawn a moment ago: the next attempt has a new one.
    return attempt === 1 ? retry(said, 0) : rejected('credentials', said);
  }
  if (http === 429) return retry(said, parseRetryAfter(headers.get('retry-after'), nowMs) ?? throttledMs);
  if (http === 500 || http === 503) return retry(said, parseRetryAfter(headers.get('retry-after'), nowMs) ?? downMs);
  const outcome = outcomeOfStatus(http, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}

/** There is no code of its own for it, and a payload at fault must not cost a device. */
export function isAboutToken({ message, fields }: FcmAnswer): boolean {
  return fields.includes('message.token') || /not a valid FCM registration token/i.test(message);
}
