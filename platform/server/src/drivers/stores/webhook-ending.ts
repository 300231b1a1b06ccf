// An event of a webhook after an attempt, and what it may say of people, as every driver keeps it. Not how it
// is written.

import type { WebhookAttempt, WebhookEnding, WebhookEventRecord } from '../../ports/stores/outbound.ts';

export function endedBy(
  { dueAt: _due, endedAt: _ended, ...event }: WebhookEventRecord,
  { state, dueAt, endedAt, attempt }: WebhookEnding,
  mostAttempts: number,
): WebhookEventRecord {
  return {
    ...event,
    state,
    tries: event.tries + (attempt === undefined ? 0 : 1),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    attempts: withAttempt(event.attempts, attempt, mostAttempts),
  };
}

/** As texts: the event itself, and what receivers answered. */
export function contentOfEvent({ payload = '', attempts }: Pick<WebhookEventRecord, 'payload' | 'attempts'>): string[] {
  return [payload, ...attempts.flatMap(({ answer = '', error = '' }) => [answer, error])];
}

export function withAttempt(
  attempts: readonly WebhookAttempt[],
  attempt: WebhookAttempt | undefined,
  mostAttempts: number,
): readonly WebhookAttempt[] {
  return attempt === undefined ? attempts : [...attempts, attempt].slice(-mostAttempts);
}
