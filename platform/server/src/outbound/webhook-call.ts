// One request of a webhook, signed by Standard Webhooks and sent through the guard: what came of it, as it
// may be kept. Not which request, and not what follows: sender.ts and before-messages.ts.

import { signWebhook } from '@belfry/plugin-kit';
import type { Egress } from '../egress/egress.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import { redactText } from '../telemetry/redact.ts';
import { readRetryAfter } from './retry-plan.ts';

export interface WebhookRequestOut {
  url: string;
  /** `webhook-id`. */
  id: string;
  body: string;
  secrets: readonly string[];
  /** From the wait for its turn to the end of the answer. */
  limitMs: number;
}

export interface WebhookAnswered {
  /** It was answered with 2xx. */
  ok: boolean;
  at: number;
  ms: number;
  status?: number;
  error?: string;
  /** The beginning of it, secrets masked. */
  answer?: string;
  retryAfterMs?: number;
}

export type CallWebhook = (app: AppId, request: WebhookRequestOut) => Promise<WebhookAnswered & { body?: string }>;

/** Of an answer that is kept: enough for what a receiver says in words. */
const keptAnswerChars = 1024;

/** Never rejects. `body` is the answer as it came, for those who read it. */
export function createCallWebhook(deps: {
  egress: Pick<Egress, 'fetch'>;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  userAgent: string;
}): CallWebhook {
  const { egress, clock, userAgent } = deps;
  return async (app, { url, id, body, secrets, limitMs }) => {
    const at = clock.now();
    const startedAt = clock.monotonic();
    const tookMs = (): number => Math.round(clock.monotonic() - startedAt);
    try {
      const response = await egress.fetch(url, {
        ...{ method: 'POST', body, limitMs, app },
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': userAgent,
          ...signWebhook({ id, atMs: at, body }, secrets),
        },
      });
      const text = await response.text().catch(() => '');
      const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), at);
      return {
        ...{ ok: response.ok, at, ms: tookMs(), status: response.status, body: text },
        ...(text === '' ? {} : { answer: shown(text) }),
        ...(isRedirect(response.status) ? { error: 'It was answered with a redirect, which is not followed.' } : {}),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      };
    } catch (error) {
      return { ok: false, at, ms: tookMs(), error: shown(reasonOf(error)) };
    }
  };
}

function shown(text: string): string {
  return redactText(text.slice(0, keptAnswerChars).toWellFormed());
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** `fetch` says "fetch failed", and why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The call failed.';
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
