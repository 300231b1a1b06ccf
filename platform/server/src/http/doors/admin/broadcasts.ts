// /apps/{app}/broadcasts: what a broadcast would do, and sending one. How many a member may reach is decided here;
// carrying it out is broadcasting's.

import { BelfryError, broadcastRequestSchema, broadcastResultSchema, type BroadcastRequest } from '@belfry/protocol';
import * as z from 'zod';
import { explained } from '../../../broadcasting/broadcast.ts';
import type { Plan, PlannedUser } from '../../../broadcasting/plan.ts';
import type { ValidBroadcast } from '../../../broadcasting/validate.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { localeSchema } from './bodies.ts';
import { explanationSchema, type Explanation } from './broadcast-answers.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import { isSameNumber } from './impact.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import { contentErrors, mostOfDevelopers, reachesTooMany, underKey } from './sending.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Broadcasts';

/** Of the table of an explanation. */
const mostShown = 1000;

export const broadcastRoutes = [
  appRoute({
    operationId: 'explainBroadcast',
    method: 'post',
    path: '/apps/{app}/broadcasts/explain',
    tag,
    summary: 'Who would get a broadcast now, where, and why; nothing is sent',
    role: 'developer',
    params: appParams,
    query: z.strictObject({ locale: localeSchema.default('en') }),
    body: broadcastRequestSchema,
    repeatable: true,
    answers: { 200: { description: 'The decisions per connection and device.', schema: explanationSchema } },
    errors: [...contentErrors, 'csrf'],
    async handle({ caller, query, body }, services) {
      const { app } = caller.app;
      const { broadcast, plan } = await services.broadcasting.plan(app, body, origin);
      return { status: 200, body: await shown(app, { broadcast, plan, locale: query.locale }, services) };
    },
  }),
  appRoute({
    operationId: 'sendBroadcast',
    method: 'post',
    path: '/apps/{app}/broadcasts',
    tag,
    summary: `Send a broadcast to the recipients that were seen; developers to at most ${mostOfDevelopers}`,
    role: 'developer',
    params: appParams,
    body: z.strictObject({
      broadcast: broadcastRequestSchema,
      /** Recipients, as `explain` said. */
      expected: z.int().min(0),
    }),
    marks: ['audit'],
    answers: { 202: { description: 'Accepted; what is durable is stored.', schema: broadcastResultSchema } },
    errors: [...contentErrors, 'idempotency_conflict', 'impact_changed', 'csrf'],
    async handle({ caller, body: { broadcast, expected }, token }, services) {
      const { app } = caller.app;
      const { plan } = await services.broadcasting.plan(app, broadcast, origin);
      needRight(caller, plan);
      needSame(expected, plan);
      const result = await services.broadcasting.broadcast(app, underKey(broadcast, token), origin);
      const change = {
        action: 'broadcast.send',
        object: { type: 'broadcast', id: result.id },
        after: { ...aboutOf(broadcast), recipients: result.recipients },
      };
      await recordOfApp(caller, change, services.audit);
      return { status: 202, body: result };
    },
  }),
];

const origin = { via: 'console' } as const;

/** Throws `forbidden` with the numbers, for the console to put into words. */
function needRight(caller: SignedIn & InApp, { recipientCount: recipients }: Plan): void {
  if (!reachesTooMany(caller, recipients)) return;
  throw new BelfryError('forbidden', {
    message: `A developer may reach at most ${mostOfDevelopers} recipients; this broadcast has ${recipients}.`,
    details: { needs: 'admin', recipients, most: mostOfDevelopers },
  });
}

function needSame(expected: number, { recipientCount: users, counts }: Plan): void {
  if (isSameNumber(users, expected)) return;
  throw new BelfryError('impact_changed', { details: { impact: { connections: counts.sent ?? 0, users } } });
}

/** What the audit keeps: to whom, and not what was said. */
function aboutOf({ kind, action, audience, sender }: BroadcastRequest): Record<string, unknown> {
  const named = 'users' in audience ? { ...audience, users: audience.users.slice(0, mostNamed) } : audience;
  return { kind: kind ?? action, audience: named, sender };
}

/** Names in an entry of the audit. */
const mostNamed = 20;

async function shown(
  app: AppId,
  { broadcast, plan, locale }: { broadcast: ValidBroadcast; plan: Plan; locale: string },
  { pushPreviews, clock }: Pick<AdminServices, 'pushPreviews' | 'clock'>,
): Promise<Explanation> {
  const { row, data, policy, senderId, audience } = broadcast;
  const message = {
    ...{ kind: row.kind, action: row.action, data, policy, senderId },
    ...('conversation' in audience ? { conversationId: audience.conversation } : {}),
  };
  const preview = policy.push === 'never' ? undefined : await pushPreviews.of(app, message, locale);
  return {
    at: isoOf(clock.now()),
    total: plan.recipientCount,
    reach: reachOf(plan),
    recipients: plan.users.slice(0, mostShown).map(explained),
    counts: plan.counts,
    event: { action: row.action, data },
    ...{ kept: row.durable, policy },
    preview,
  };
}

/** By the best connection of each recipient. */
function reachOf(plan: Plan): Explanation['reach'] {
  const recipients = plan.users.slice(0, plan.recipientCount);
  const told = recipients.map(sentTo).filter((connections) => connections.length > 0);
  const visible = told.filter((connections) => connections.some((connection) => connection.visible === true)).length;
  return { visible, hidden: told.length - visible, away: recipients.length - told.length };
}

function sentTo({ realtime }: PlannedUser): PlannedUser['realtime'] {
  return realtime.filter(({ reason }) => reason === 'sent');
}
