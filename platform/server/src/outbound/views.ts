// Outgoing webhooks and their events as people and back ends see them: times in words, no secrets. Not which
// of them.

import type { WebhookEventView, WebhookView } from '@belfry/protocol';
import { isSecretInUse } from '../hooks/hook-secrets.ts';
import type { WebhookAttempt, WebhookEventRecord, WebhookHealth, WebhookRecord } from '../ports/stores/index.ts';

export function viewWebhook(record: WebhookRecord, health: WebhookHealth | undefined, nowMs: number): WebhookView {
  const { secrets, disabled, before, events, createdAt, updatedAt, ...rest } = record;
  return {
    ...rest,
    events: [...events],
    ...(before === undefined ? {} : { before: { ...before, kinds: before.kinds && [...before.kinds] } }),
    ...(disabled === undefined ? {} : { disabled: { ...disabled, at: iso(disabled.at) } }),
    health: viewHealth(health),
    secrets: secrets
      .filter((secret) => isSecretInUse(secret, nowMs))
      .map((each) => ({
        createdAt: iso(each.createdAt),
        ...(each.expiresAt === undefined ? {} : { expiresAt: iso(each.expiresAt) }),
      })),
    ...{ createdAt: iso(createdAt), updatedAt: iso(updatedAt) },
  };
}

export function viewEvent(event: WebhookEventRecord): WebhookEventView {
  const { id, webhookId, type, batch, state, createdAt, dueAt, endedAt, attempts } = event;
  return {
    ...{ id, webhookId, type, state, createdAt: iso(createdAt) },
    ...(batch === undefined ? {} : { requestId: batch }),
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
    attempts: attempts.map(viewAttempt),
  };
}

function viewAttempt({ at, ms, ...attempt }: WebhookAttempt): WebhookEventView['attempts'][number] {
  return { ...attempt, at: iso(at), durationMs: ms };
}

function viewHealth({ failingSince, lastSuccessAt, lastFailure }: WebhookHealth = {}): WebhookView['health'] {
  return {
    ...(failingSince === undefined ? {} : { failingSince: iso(failingSince) }),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt: iso(lastSuccessAt) }),
    ...(lastFailure === undefined ? {} : { lastFailure: { ...lastFailure, at: iso(lastFailure.at) } }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
