// /apps/{app}/webhooks: the outgoing webhooks of an app and the events that are kept for them. What is sent
// to them: outbound/.

import {
  BelfryError,
  hookSecretSchema,
  putWebhookBodySchema,
  replayedAnswerSchema,
  uuidSchema,
  webhookEventAnswerSchema,
  webhookEventsAnswerSchema,
  webhookEventsQuerySchema,
  webhookIdSchema,
  webhookReplayFields,
  webhookSchema,
  webhookTestAnswerSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { ChangedBy } from '../../../outbound/webhook-records.ts';
import type { WebhookRecord } from '../../../ports/stores/index.ts';
import type { Answer } from '../../route.ts';
import { rangeOf } from '../../webhook-range.ts';
import { allOf } from './answers.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import { isSameNumber } from './impact.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Outgoing webhooks';
const webhookParams = appParams.extend({ id: webhookIdSchema });
const eventParams = webhookParams.extend({ eventId: uuidSchema });
const madeSchema = z
  .object({ webhook: webhookSchema, secret: hookSecretSchema.optional() })
  .meta({ id: 'MadeOutgoingWebhook' });
const impactSchema = z.object({ events: z.int().min(0), hasMore: z.boolean() }).meta({ id: 'WebhookReplayImpact' });
const changeErrors = ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'csrf'] as const;
const asItIs = { description: 'As it is now.', schema: madeSchema };

export const webhookRoutes = [
  appRoute({
    operationId: 'listWebhooks',
    method: 'get',
    path: '/apps/{app}/webhooks',
    tag,
    summary: 'The outgoing webhooks of the app, and whether their calls come through',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'By id.', schema: allOf(webhookSchema) } },
    async handle({ caller }, { webhooks }) {
      const items = await webhooks.list(caller.app.app);
      return { status: 200, body: { items: [...items], total: { value: items.length } } };
    },
  }),
  appRoute({
    operationId: 'getWebhook',
    method: 'get',
    path: '/apps/{app}/webhooks/{id}',
    tag,
    summary: 'One of them',
    role: 'viewer',
    params: webhookParams,
    answers: { 200: { description: 'Without its secrets.', schema: webhookSchema } },
    async handle({ caller, params }, { webhooks }) {
      const webhook = await webhooks.get(caller.app.app, params.id);
      return { status: 200, body: webhook, headers: etagOf(webhook.version) };
    },
  }),
  appRoute({
    operationId: 'putWebhook',
    method: 'put',
    path: '/apps/{app}/webhooks/{id}',
    tag,
    summary: 'Make an outgoing webhook (`If-Match: "v0"`), or replace its settings',
    role: 'developer',
    params: webhookParams,
    body: putWebhookBodySchema,
    marks: ['version', 'audit'],
    // The answer may hold a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: {
      200: { description: 'Changed.', schema: madeSchema },
      201: { description: 'Made. `secret` is told this once.', schema: madeSchema },
    },
    errors: [...changeErrors, 'too_many', 'overloaded'],
    async handle({ caller, params: { id }, body }, services) {
      const put = await services.webhooks.put(caller.app.app, id, { settings: body, ...changedBy(caller) });
      const { webhook, secret, created, before, after } = put;
      const action = created ? 'webhook.create' : 'webhook.update';
      await recordChange(caller, services, { action, id, before, after });
      const answer = { webhook, ...(secret === undefined ? {} : { secret }) };
      return { status: created ? 201 : 200, body: answer, headers: etagOf(webhook.version) };
    },
  }),
  appRoute({
    operationId: 'removeWebhook',
    method: 'delete',
    path: '/apps/{app}/webhooks/{id}',
    tag,
    summary: 'Take an outgoing webhook away, with its events',
    role: 'developer',
    params: webhookParams,
    marks: ['version', 'audit'],
    answers: { 204: { description: 'Nothing is sent to it any more.' } },
    errors: changeErrors,
    async handle({ caller, params: { id } }, services) {
      const before = await services.webhooks.remove(caller.app.app, id, changedBy(caller));
      await recordChange(caller, services, { action: 'webhook.delete', id, before });
      return { status: 204 };
    },
  }),
  appRoute({
    operationId: 'rotateWebhookSecret',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/rotate',
    tag,
    summary: 'Give it a new secret; requests are signed with the old one too for a while',
    role: 'admin',
    params: webhookParams,
    body: z.strictObject({ overlapSeconds: z.int().min(0).max(604_800), secret: hookSecretSchema.optional() }),
    marks: ['confirm', 'audit'],
    repeatable: true,
    answers: { 200: { description: 'With the secret, shown once.', schema: madeSchema } },
    errors: ['managed_by_file', 'conflict', 'confirm_needed', 'csrf'],
    async handle({ caller, params: { id }, body: { overlapSeconds, secret: given } }, services) {
      const change = { overlapMs: overlapSeconds * 1000, secret: given, by: caller.session.account.name };
      const { webhook, secret } = await services.webhooks.rotate(caller.app.app, id, change);
      const sides = { before: { secret: replacedSecret }, after: { secret: replacedSecret, overlapSeconds } };
      const object = { type: 'webhook', id };
      await recordOfApp(caller, { action: 'webhook.rotate', object, ...sides }, services.audit);
      return { status: 200, body: { webhook, secret }, headers: etagOf(webhook.version) };
    },
  }),
  appRoute({
    operationId: 'pauseWebhook',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/pause',
    tag,
    summary: 'Send nothing for now; events wait',
    role: 'developer',
    params: webhookParams,
    marks: ['version', 'audit'],
    answers: { 200: asItIs },
    errors: changeErrors,
    handle: ({ caller, params: { id } }, services) => setState(caller, services, { id, action: 'pause' }),
  }),
  appRoute({
    operationId: 'resumeWebhook',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/resume',
    tag,
    summary: 'Send again, also to one that was switched off; what waited is sent now',
    role: 'developer',
    params: webhookParams,
    marks: ['version', 'audit'],
    answers: { 200: asItIs },
    errors: changeErrors,
    handle: ({ caller, params: { id } }, services) => setState(caller, services, { id, action: 'resume' }),
  }),
  appRoute({
    operationId: 'tryWebhook',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/test',
    tag,
    summary: 'Send it an event to try it, and say what came of it',
    role: 'developer',
    params: webhookParams,
    marks: ['audit'],
    repeatable: true,
    answers: { 200: { description: 'The attempt, whatever came of it.', schema: webhookTestAnswerSchema } },
    errors: ['conflict', 'csrf'],
    async handle({ caller, params: { id } }, { webhooks, webhookEvents, audit }) {
      const { app } = caller.app;
      const body = await webhookEvents.test(app, await webhooks.record(app, id));
      await recordOfApp(caller, { action: 'webhook.test', object: { type: 'webhook', id } }, audit);
      return { status: 200, body };
    },
  }),
  appRoute({
    operationId: 'listWebhookEvents',
    method: 'get',
    path: '/apps/{app}/webhooks/{id}/events',
    tag,
    summary: 'The events that are kept for it, newest first, with every attempt',
    role: 'viewer',
    params: webhookParams,
    query: webhookEventsQuerySchema,
    answers: { 200: { description: 'Without what they say.', schema: webhookEventsAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, params: { id }, query }, { webhooks, webhookEvents, cursors }) {
      const { app } = caller.app;
      await webhooks.record(app, id);
      const scope = { app, list: `console events of webhook ${id}` };
      const before = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, uuidSchema);
      const { next, ...page } = await webhookEvents.list(app, id, { ...rangeOf(query), before, limit: query.limit });
      const more = next === undefined ? {} : { nextCursor: cursors.seal(scope, next) };
      return { status: 200, body: { ...page, ...more } };
    },
  }),
  appRoute({
    operationId: 'getWebhookEvent',
    method: 'get',
    path: '/apps/{app}/webhooks/{id}/events/{eventId}',
    tag,
    summary: 'One of them, with what it says: an entry in the audit, unless the app shows its content',
    role: 'developer',
    params: eventParams,
    answers: { 200: { description: 'The event.', schema: webhookEventAnswerSchema } },
    async handle({ caller, params: { id, eventId } }, services) {
      const { app, contentInConsole = 'audited' } = caller.app;
      const event = await services.webhookEvents.get(app, id, eventId);
      if (contentInConsole === 'hidden') {
        const { data: _hidden, ...payload } = event.payload;
        return { status: 200, body: { event: { ...event, payload } } };
      }
      if (contentInConsole === 'audited') {
        const object = { type: 'webhook', id };
        await recordOfApp(caller, { action: 'webhook.event_read', object, after: { event: eventId } }, services.audit);
      }
      return { status: 200, body: { event } };
    },
  }),
  appRoute({
    operationId: 'replayWebhookEvent',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/events/{eventId}/replay',
    tag,
    summary: 'Send one of them again, under its id',
    role: 'developer',
    params: eventParams,
    marks: ['audit'],
    repeatable: true,
    answers: { 202: { description: 'It will be sent.', schema: replayedAnswerSchema } },
    errors: ['conflict', 'csrf'],
    async handle({ caller, params: { id, eventId } }, { webhooks, webhookEvents, audit }) {
      const { app } = caller.app;
      await webhookEvents.replay(app, await webhooks.record(app, id), eventId);
      const object = { type: 'webhook', id };
      await recordOfApp(caller, { action: 'webhook.replay', object, after: { event: eventId } }, audit);
      return { status: 202, body: { replayed: 1, hasMore: false } };
    },
  }),
  appRoute({
    operationId: 'getWebhookReplayImpact',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/replay/impact',
    tag,
    summary: 'How many events a replay would send; sends none',
    role: 'developer',
    params: webhookParams,
    body: z.strictObject(webhookReplayFields),
    repeatable: true,
    answers: { 200: { description: 'Counted up to 10,000.', schema: impactSchema } },
    errors: ['csrf'],
    async handle({ caller, params: { id }, body }, { webhooks, webhookEvents }) {
      const { app } = caller.app;
      await webhooks.record(app, id);
      return { status: 200, body: await webhookEvents.countOf(app, id, { ...rangeOf(body), state: body.state }) };
    },
  }),
  appRoute({
    operationId: 'replayWebhookEvents',
    method: 'post',
    path: '/apps/{app}/webhooks/{id}/replay',
    tag,
    summary: 'Send all that failed again, or all of a range',
    role: 'developer',
    params: webhookParams,
    body: z.strictObject({
      ...webhookReplayFields,
      /** Events, as its impact said. */
      expected: z.int().min(0).optional(),
    }),
    marks: ['audit'],
    repeatable: true,
    answers: { 202: { description: 'How many will be sent.', schema: replayedAnswerSchema } },
    errors: ['conflict', 'impact_changed', 'csrf'],
    async handle({ caller, params: { id }, body: { expected, ...given } }, { webhooks, webhookEvents, audit }) {
      const { app } = caller.app;
      const webhook = await webhooks.record(app, id);
      const range = { ...rangeOf(given), state: given.state };
      if (expected !== undefined) needImpact(expected, await webhookEvents.countOf(app, id, range));
      const body = await webhookEvents.replayAll(app, webhook, range);
      const after = { ...given, replayed: body.replayed };
      await recordOfApp(caller, { action: 'webhook.replay', object: { type: 'webhook', id }, after }, audit);
      return { status: 202, body };
    },
  }),
];

type Caller = SignedIn & InApp;

function changedBy({ session, ifVersion }: SignedIn): ChangedBy {
  return {
    by: session.account.name,
    check: (record) =>
      needVersion(ifVersion, record === undefined ? {} : settingsOf(record), {
        ...{ version: record?.version ?? 0, changedBy: record?.updatedBy ?? '', changedAt: record?.updatedAt ?? 0 },
      }),
  };
}

async function setState(
  caller: Caller,
  services: AdminServices,
  { id, action }: { id: string; action: 'pause' | 'resume' },
): Promise<Answer> {
  const { app } = caller.app;
  const { before, after } = await services.webhooks[action](app, id, changedBy(caller));
  await recordChange(caller, services, { action: `webhook.${action}`, id, before, after });
  const webhook = await services.webhooks.get(app, id);
  return { status: 200, body: { webhook }, headers: etagOf(webhook.version) };
}

async function recordChange(
  caller: Caller,
  { audit }: Pick<AdminServices, 'audit'>,
  change: { action: string; id: string; before?: WebhookRecord | undefined; after?: WebhookRecord | undefined },
): Promise<void> {
  const { action, id, before, after } = change;
  const sides = { before: before && settingsOf(before), after: after && settingsOf(after) };
  await recordOfApp(caller, { action, object: { type: 'webhook', id }, ...sides }, audit);
}

/** What people set, without secrets. */
function settingsOf(record: WebhookRecord): Record<string, unknown> {
  const { url, description, events, transform, batch, ordered, before, state } = record;
  return { url, description, events, transform, batch, ordered, before, state };
}

function needImpact(expected: number, now: { events: number; hasMore: boolean }): void {
  if (isSameNumber(now.events, expected)) return;
  throw new BelfryError('impact_changed', { details: { impact: now } });
}
