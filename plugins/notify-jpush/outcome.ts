// The outcome for each answer of JPush: its own code decides, then the HTTP status.
import { accepted, outcomeOfStatus, rejected, retry, z } from '@belfry/plugin-kit';
import type { Outcome, PluginResponse } from '@belfry/plugin-kit';

export interface JpushAnswer {
  /** Up to 19 digits: kept as text, as no number of JavaScript holds them. */
  messageId: string | undefined;
  code: number | undefined;
  message: string;
}

const errorSchema = z
  .object({ error: z.object({ code: z.number().optional(), message: z.string().default('') }).optional() })
  .catch({});

export function readAnswer(text: string): JpushAnswer {
  const messageId = /"msg_id"\s*:\s*"?(\d{1,20})/.exec(text)?.[1];
  const { error } = errorSchema.parse(parsed(text));
  return { messageId, code: error?.code, message: error?.message ?? '' };
}

const credentials = new Set([1001, 1004, 1008, 1020, 2003, 2004, 2006, 2007]);
/** A device that was registered a moment ago is known to JPush some minutes later. */
const newDeviceMs = 600_000;
const throttledMs = 60_000;

export function outcomeOf(
  response: PluginResponse,
  { messageId, code, message }: JpushAnswer,
  { nowMs, attempt }: { nowMs: number; attempt: number },
): Outcome {
  const { status, headers } = response;
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${code}`;
  if (response.ok && code === undefined) return accepted(messageId);
  if (code === 1011)
    return attempt === 1 ? retry(said, newDeviceMs, { scope: 'target' }) : rejected('target_gone', said);
  if (code === 1003) return rejected(/registration_?id/i.test(message) ? 'target_invalid' : 'payload', said);
  if (code === 2005) return rejected('quota', `${said}: too many to this user`);
  if (code !== undefined && credentials.has(code)) return rejected('credentials', said);
  if (code === 2002 || status === 429) return retry(said, resetMs(headers) ?? throttledMs);
  if (code === 1000 || code === 1030) return retry(said);
  if (code !== undefined && status < 500) return rejected('payload', said);
  const outcome = outcomeOfStatus(status, headers, nowMs);
  return outcome.outcome === 'rejected' ? rejected(outcome.reason, said) : outcome;
}

/** Seconds that are left of the window. */
function resetMs(headers: PluginResponse['headers']): number | undefined {
  const text = headers.get('x-rate-limit-reset') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
