// Asks the webhook of an app before a message is accepted, within its time limit, and says what holds when it
// gives no answer. What is asked, and when: broadcasting/ask-before.ts.

import {
  beforeAnswerSchema,
  beforeEvent,
  BelfryError,
  isBelfryError,
  type BeforeAnswer,
  type BeforeVerdict,
  type WebhookTestAnswer,
} from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AskBefore, BeforeOutcome, BeforeQuestion } from '../broadcasting/ask-before.ts';
import type { Breaker } from '../notifications/sending/breaker.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { WebhookBefore, WebhookRecord } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { CallWebhook, WebhookAnswered } from './webhook-call.ts';
import type { WebhookHealths } from './webhook-health.ts';

export interface BeforeMessagesDeps {
  subscriptions: Pick<Subscriptions, 'of' | 'peek'>;
  call: CallWebhook;
  secretsOf: (app: AppId, webhook: WebhookRecord) => readonly string[];
  health: Pick<WebhookHealths, 'succeeded' | 'failed'>;
  breaker: Breaker;
  facts: Pick<Facts, 'record'>;
  surroundings: Pick<Surroundings, 'clock' | 'log' | 'metrics'>;
}

type Answered = { answer: BeforeAnswer; ms: number } | { failure: string; ms: number };

export class BeforeMessages {
  readonly #deps: BeforeMessagesDeps;

  constructor(deps: BeforeMessagesDeps) {
    this.#deps = deps;
  }

  /** See AskBefore. */
  readonly ask: AskBefore = (app, question, apply) => {
    const known = this.#deps.subscriptions.peek(app);
    if (known !== undefined && !isAsked(known.before, question)) return undefined;
    return this.#ask(app, question, apply);
  };

  /** With a question about no message; whatever is answered, nothing comes of it. */
  async test(app: AppId, webhook: WebhookRecord): Promise<WebhookTestAnswer> {
    const answered = await this.#call(app, webhook, {
      ...{ change: 'new', messageId: uuidv7(), kind: 'message', action: 'new_message', via: 'console' },
      ...{ isOfPeople: true, data: { type: 'text', content: { text: 'This is a test.' } } },
    });
    const { at, ms, status, error, answer } = answered;
    const misread =
      answered.ok && readAnswer(answered.body) === undefined ? 'The answer is none that is known.' : error;
    return {
      attempt: {
        ...{ number: 1, at: new Date(at).toISOString(), durationMs: ms },
        ...(status === undefined ? {} : { status }),
        ...(misread === undefined ? {} : { error: misread }),
        ...(answer === undefined ? {} : { answer }),
      },
    };
  }

  async #ask<T>(
    app: AppId,
    question: BeforeQuestion,
    apply: (content: Record<string, unknown>) => Promise<T>,
  ): Promise<{ outcome?: BeforeOutcome; changed?: T }> {
    const { before: webhook } = await this.#deps.subscriptions.of(app);
    if (webhook?.before === undefined || !isAsked(webhook, question)) return {};
    const asked = { app, webhook, question, policy: webhook.before };
    const answered = await this.#answerOf(asked);
    if ('failure' in answered) return this.#unanswered(asked, answered);
    const { answer, ms } = answered;
    if (answer.action === 'reject') return this.#rejected(asked, answer.reason);
    if (answer.action === 'allow') return this.#let(asked, 'allowed', ms);
    try {
      return { ...this.#let(asked, 'changed', ms), changed: await apply(answer.content) };
    } catch (error) {
      if (!isBelfryError(error)) throw error;
      return this.#unanswered(asked, {
        failure: `It changed the content to what cannot be accepted: ${error.message}`,
        ms,
      });
    }
  }

  async #answerOf({ app, webhook, question }: Asking): Promise<Answered> {
    const { breaker, health } = this.#deps;
    const key = `${app} ${webhook.id}`;
    if (breaker.admitMs(key) > 0) return { failure: 'It failed so often that it is not called just now.', ms: 0 };
    const answered = await this.#call(app, webhook, question);
    const answer = answered.ok ? readAnswer(answered.body) : undefined;
    breaker.record(key, answer === undefined ? 'unavailable' : 'accepted');
    if (answer !== undefined) {
      this.#forget(health.succeeded(app, webhook.id));
      return { answer, ms: answered.ms };
    }
    this.#forget(health.failed(app, webhook.id, answered));
    return { failure: failureOf(answered), ms: answered.ms };
  }

  #call(app: AppId, webhook: WebhookRecord, question: BeforeQuestion): ReturnType<CallWebhook> {
    const { call, secretsOf, surroundings } = this.#deps;
    const { isOfPeople: _, ...data } = question;
    const id = uuidv7();
    const timestamp = new Date(surroundings.clock.now()).toISOString();
    const body = JSON.stringify({ id, type: beforeEvent, version: 1, timestamp, app, data });
    const limitMs = webhook.before?.timeoutMs ?? 0;
    return call(app, { url: webhook.url, id, body, secrets: secretsOf(app, webhook), limitMs });
  }

  #let({ webhook }: Asking, verdict: BeforeVerdict, ms: number): { outcome: BeforeOutcome } {
    this.#deps.surroundings.metrics.count('message_before_total', [verdict]);
    return { outcome: { webhookId: webhook.id, verdict, ms } };
  }

  #rejected({ app, webhook, question }: Asking, reason: string): never {
    const { facts, surroundings } = this.#deps;
    const { messageId, kind, action, conversationId, senderId } = question;
    surroundings.metrics.count('message_before_total', ['rejected']);
    facts.record(app, {
      ...{ type: 'message.rejected', atMs: surroundings.clock.now(), messageId, kind, action },
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(senderId === undefined ? {} : { senderId }),
      ...{ webhookId: webhook.id, reason },
    });
    throw new BelfryError('message_rejected', { message: reason });
  }

  #unanswered(asking: Asking, { failure, ms }: { failure: string; ms: number }): { outcome: BeforeOutcome } {
    const { app, webhook, policy } = asking;
    const { log, metrics } = this.#deps.surroundings;
    log.debug('a webhook that is asked before messages gave no answer', { app, webhookId: webhook.id, failure });
    if (policy.onFailure === 'allow') return this.#let(asking, 'unanswered', ms);
    metrics.count('message_before_total', ['refused_unanswered']);
    throw new BelfryError('unavailable', {
      message: 'The app looks at messages before they are accepted, and cannot now.',
    });
  }

  /** It says how it fares, which no sender waits for. */
  #forget(noting: Promise<unknown>): void {
    noting.catch((err: unknown) => this.#deps.surroundings.log.debug('health of a webhook was not kept', { err }));
  }
}

interface Asking {
  app: AppId;
  webhook: WebhookRecord;
  question: BeforeQuestion;
  policy: WebhookBefore;
}

/** Of the kinds that were named, all; else what people write to each other. */
function isAsked(webhook: WebhookRecord | undefined, { kind, isOfPeople }: BeforeQuestion): boolean {
  if (webhook?.before === undefined) return false;
  const { kinds } = webhook.before;
  return kinds === undefined ? isOfPeople : kinds.includes(kind);
}

function readAnswer(body: string | undefined): BeforeAnswer | undefined {
  try {
    return beforeAnswerSchema.safeParse(JSON.parse(body ?? '')).data;
  } catch {
    return undefined;
  }
}

function failureOf({ ok, status, error }: WebhookAnswered): string {
  if (ok) return 'Its answer is none that is known.';
  return error ?? `It answered with status ${status ?? 0}.`;
}
