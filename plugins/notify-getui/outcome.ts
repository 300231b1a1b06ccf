// The outcome for each answer of Getui: its own code decides. What it says of a client id covers those of
// another app, so it never means that a device is gone.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

const answerSchema = z
  .object({
    code: z.int().optional(),
    msg: z.string().default(''),
    data: z.record(z.string(), z.unknown()).default({}),
  })
  .catch({ msg: '', data: {} });
export type GetuiAnswer = z.infer<typeof answerSchema>;

export async function readAnswer(response: PluginResponse): Promise<GetuiAnswer> {
  return answerSchema.parse(await response.json().catch(() => ({})));
}

/** The token is not valid any more. */
export const tokenRefused = 10_001;
const credentials = new Set([10_002, 10_004, 301, 404, 405]);
const throttled = new Set([10_003, 10_005]);
const throttledMs = 60_000;

export function outcomeOf(
  response: PluginResponse,
  { code, msg, data }: GetuiAnswer,
  { nowMs, attempt }: { nowMs: number; attempt: number },
): Outcome {
  const { status, headers } = response;
  const words = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  if (code === 0) return verdictOf(data);
  if (code === tokenRefused) return attempt === 1 ? retry(words, 0) : rejected('credentials', words);
  if (code === 2) return retry(words);
  if (code !== undefined && throttled.has(code)) return retry(words, throttledMs);
  if (code !== undefined && credentials.has(code)) return rejected('credentials', words);
  if (code === 20_001 && /target user is invalid/i.test(msg)) return rejected('target_invalid', words);
  if (code !== undefined && code >= 30_000 && status === 403) return rejected('quota', words);
  if (code !== undefined && status < 500 && status !== 429) return rejected('payload', words);
  return response.ok ? retry(`${words} without a verdict`) : outcomeOfStatus(status, headers, nowMs);
}

/** By task, then by client. */
function verdictOf(data: Readonly<Record<string, unknown>>): Outcome {
  const [task] = Object.entries(data);
  if (task === undefined) return accepted();
  const [taskId, clients] = task;
  const words: unknown[] = typeof clients === 'object' && clients !== null ? Object.values(clients) : [];
  return said(taskId, words[0]);
}

/** Of one client among many. Each has a task of its own; one that is in none may be asked for again. */
export function verdictOn(data: Readonly<Record<string, unknown>>, cid: string): Outcome {
  for (const [taskId, clients] of Object.entries(data)) {
    if (typeof clients === 'object' && clients !== null && Object.hasOwn(clients, cid))
      return said(taskId, Reflect.get(clients, cid));
  }
  return retry('Getui says nothing of this client', undefined, { scope: 'target' });
}

/** A client that was not seen for long gets nothing. */
function said(taskId: string, word: unknown): Outcome {
  if (word === 'successed_ignore') return rejected('target_invalid', 'the app was not opened for long');
  return accepted(taskId);
}
