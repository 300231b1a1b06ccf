// /apps/{app}/journeys: what became of messages, found by reason, kind, people and time; one of them, and what one
// does about it. What is decided and recorded: broadcasting and journey.

import {
  BelfryError,
  explainResultSchema,
  isVisitor,
  journeySchema,
  limitSchema,
  notFound,
  reasonCountsSchema,
  reasonSchema,
  timestampSchema,
  userIdSchema,
  uuidSchema,
  type Journey,
} from '@belfry/protocol';
import * as z from 'zod';
import { requestAgain } from '../../../broadcasting/again.ts';
import type { JourneyQuestion, ListedJourney } from '../../../journey/lists.ts';
import { journeyStates, stateOf } from '../../../journey/sums.ts';
import { unreachedOf } from '../../../journey/unreached.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { JourneyPlace } from '../../../ports/stores/index.ts';
import { exportAnswer, exportFormats, type ExportedList } from '../../list-export.ts';
import { timeSchema } from './bodies.ts';
import { countedAnswer, countedFields, countsSchema } from './counts.ts';
import { isSameNumber } from './impact.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import { contentErrors, needReach } from './sending.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Messages';
const journeyParams = appParams.extend({ id: z.string().max(64) });

/** One, or several of which any will do. */
const reasonsSchema = z.union([reasonSchema.transform((reason) => [reason]), z.array(reasonSchema).max(50)]);

const querySchema = z.strictObject({
  reason: reasonsSchema.optional(),
  kind: z.string().min(1).max(64).optional(),
  user: z.string().min(1).max(128).optional(),
  conversation: z.string().min(1).max(128).optional(),
  state: z.enum(journeyStates).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  limit: limitSchema(100),
  cursor: z.string().max(1024).optional(),
  counts: countsSchema,
  /** All that fits as a file, in place of a page. */
  format: z.enum(exportFormats).optional(),
});

const count = z.int().min(0);
const sumsSchema = z.object({ seen: count, pushed: count, withheld: count, failed: count });

const rowSchema = z
  .object({
    ...{ id: uuidSchema, at: timestampSchema, kind: z.string(), state: z.enum(journeyStates) },
    ...{ conversationId: z.string().optional(), senderId: z.string().optional() },
    ...{ stream: z.string().optional(), seq: z.int().optional(), resendOf: uuidSchema.optional() },
    recipients: count,
    /** Where there are few. */
    users: z.array(z.string()).optional(),
    counts: reasonCountsSchema,
    /** People. */
    sums: sumsSchema,
    firstSeenMs: z.int().optional(),
  })
  .meta({ id: 'JourneyRow' });
type JourneyRow = z.output<typeof rowSchema>;

const seenSchema = z
  .object({
    journey: journeySchema,
    state: z.enum(journeyStates),
    /** Whom it did not reach: nothing is under way to them, and they did not say that they do not want it. */
    unreached: z.array(z.string()),
    /** Its plan is kept; else only the message is. */
    isKept: z.boolean(),
    /** How long journeys are, ms. */
    keptMs: count,
  })
  .meta({ id: 'JourneySeen' });

const columns: ExportedList<JourneyRow>['columns'] = [
  ['at', (row) => row.at],
  ['messageId', (row) => row.id],
  ['kind', (row) => row.kind],
  ['state', (row) => row.state],
  ['senderId', (row) => row.senderId],
  ['conversationId', (row) => row.conversationId],
  ['stream', (row) => row.stream],
  ['seq', (row) => row.seq],
  ['recipients', (row) => row.recipients],
  ['users', (row) => row.users?.join(' ')],
  ['seen', (row) => row.sums.seen],
  ['pushed', (row) => row.sums.pushed],
  ['withheld', (row) => row.sums.withheld],
  ['failed', (row) => row.sums.failed],
  ['firstSeenMs', (row) => row.firstSeenMs],
  ['counts', (row) => row.counts],
];

const placeSchema = z.object({ at: z.number(), messageId: z.string() });
const mostRecipients = 10_000;
const exportPage = 500;

export const journeyRoutes = [
  appRoute({
    operationId: 'listJourneys',
    method: 'get',
    path: '/apps/{app}/journeys',
    tag,
    summary: 'What became of messages, the newest first; as a file with `format`',
    description:
      'A page looks at 10,000 messages at most, so that it may have few of what is rare, or none, and a `nextCursor` all the same. `user` finds what they sent, and what was for them among at most 50. An entry follows what happens within seconds. `counts=1` adds how many there are among the newest 10,000, and with which reasons and kinds.',
    role: 'viewer',
    params: appParams,
    query: querySchema,
    answers: {
      200: {
        description: 'A page of them.',
        schema: z.object({
          ...{ items: z.array(rowSchema), nextCursor: z.string().optional() },
          ...countedFields(['reason', 'kind']),
        }),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { journeyLists, cursors }) {
      const { app } = caller.app;
      const {
        reason: reasons,
        user: userId,
        conversation: conversationId,
        limit,
        cursor,
        format,
        counts,
        ...rest
      } = query;
      const question = { ...rest, reasons, userId, conversationId };
      if (format !== undefined) {
        return exportAnswer({ format, name: `messages-${app}`, columns, pages: pagesOf(app, question, journeyLists) });
      }
      const scope = { app, list: 'console journeys' };
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, placeSchema);
      const { items, next } = await journeyLists.list(app, question, { after, limit });
      const more = next === undefined ? {} : { nextCursor: cursors.seal(scope, next) };
      const counted = counts === undefined ? {} : countedAnswer(await journeyLists.count(app, question));
      return { status: 200, body: { items: items.map(shown), ...more, ...counted } };
    },
  }),
  appRoute({
    operationId: 'getJourneySeen',
    method: 'get',
    path: '/apps/{app}/journeys/{id}',
    tag,
    summary: 'What became of one message, and why; with `user` for them alone',
    role: 'viewer',
    params: journeyParams,
    query: z.strictObject({ user: z.string().min(1).max(128).optional() }),
    answers: { 200: { description: 'Above 1,000 recipients only the counts.', schema: seenSchema } },
    async handle({ caller, params, query: { user } }, { journeys, journeyWatches }) {
      const { app, settings } = caller.app;
      const journey = await find(app, params.id, journeys);
      journeyWatches.watch(app, journey);
      const recipients =
        user === undefined ? journey.recipients : journey.recipients.filter(({ userId }) => userId === user);
      const body = {
        ...{ journey: { ...journey, recipients }, state: stateOf(journey.counts), unreached: unreachedOf(journey) },
        ...{ isKept: journey.message.action !== undefined, keptMs: settings.journeyRetentionMs },
      };
      return { status: 200, body };
    },
  }),
  appRoute({
    operationId: 'explainJourney',
    method: 'get',
    path: '/apps/{app}/journeys/{id}/now',
    tag,
    summary: 'What would become of the same message if it were sent now; with `user` to them alone',
    role: 'viewer',
    params: journeyParams,
    query: z.strictObject({ user: userIdSchema.optional() }),
    answers: { 200: { description: 'The decisions, now and not then.', schema: explainResultSchema } },
    errors: [...contentErrors, 'message_deleted'],
    async handle({ caller, params, query: { user } }, services) {
      const { app } = caller.app;
      const journey = await find(app, params.id, services.journeys);
      const named = journey.recipients.map(({ userId }) => userId).filter((id) => id !== journey.message.senderId);
      const users = user === undefined ? named : [user];
      if (users.length === 0) throw new BelfryError('too_many', { message: 'Nobody is named any more: ask for one.' });
      const request = await again(app, { id: params.id, users }, services);
      return { status: 200, body: await services.broadcasting.explain(app, request, { via: 'console' }) };
    },
  }),
  appRoute({
    operationId: 'resendMessage',
    method: 'post',
    path: '/apps/{app}/journeys/{id}/resend',
    tag,
    summary: 'Send its content once more, as a new broadcast, to those it did not reach or to some of its recipients',
    description: 'Developers send to at most 100. The journey of the new one names this one in `resendOf`.',
    role: 'developer',
    params: journeyParams,
    body: z.strictObject({
      to: z.union([z.literal('unreached'), z.array(userIdSchema).min(1).max(mostRecipients)]),
      /** How many they are, as far as the caller knows. */
      expected: z.int().min(0),
    }),
    marks: ['audit'],
    answers: {
      202: { description: 'Accepted.', schema: z.object({ messageId: uuidSchema, recipients: count }) },
    },
    errors: [...contentErrors, 'message_deleted', 'impact_changed', 'csrf'],
    async handle({ caller, params, body }, services) {
      const { app } = caller.app;
      const journey = await find(app, params.id, services.journeys);
      const users =
        body.to === 'unreached' ? unreachedOf(journey).filter((id) => !isVisitor(id)) : [...new Set(body.to)];
      refuseOthers(journey, users);
      if (!isSameNumber(users.length, body.expected)) {
        throw new BelfryError('impact_changed', { details: { impact: { connections: 0, users: users.length } } });
      }
      if (users.length === 0) throw new BelfryError('conflict', { message: 'It reached everybody.' });
      needReach(caller, users.length);
      const request = await again(app, { id: params.id, users }, services);
      const origin = { via: 'console', resendOf: params.id } as const;
      const { id, recipients } = await services.broadcasting.broadcast(app, request, origin);
      const object = { type: 'message', id: params.id };
      await recordOfApp(
        caller,
        { action: 'message.resend', object, after: { messageId: id, recipients } },
        services.audit,
      );
      return { status: 202, body: { messageId: id, recipients } };
    },
  }),
];

async function find(app: AppId, id: string, journeys: AdminServices['journeys']): Promise<Journey> {
  const journey = await journeys.read(app, id);
  if (journey === undefined) throw notFound('message');
  return journey;
}

async function again(
  app: AppId,
  { id, users }: { id: string; users: readonly string[] },
  { messageStore, kinds }: Pick<AdminServices, 'messageStore' | 'kinds'>,
) {
  return requestAgain(app, { copies: await messageStore.byId(app, id), users }, kinds);
}

/** It goes to nobody whom it was not for. */
function refuseOthers({ recipients }: Journey, users: readonly string[]): void {
  // Of one to many nobody is named.
  if (recipients.length === 0) return;
  const known = new Set(recipients.map(({ userId }) => userId));
  if (users.some((userId) => !known.has(userId))) {
    throw new BelfryError('invalid_body', { message: 'It was not for all of them.', path: ['to'] });
  }
}

async function* pagesOf(
  app: AppId,
  question: JourneyQuestion,
  lists: AdminServices['journeyLists'],
): AsyncGenerator<readonly JourneyRow[]> {
  let after: JourneyPlace | undefined;
  do {
    const { items, next } = await lists.list(app, question, { after, limit: exportPage });
    yield items.map(shown);
    after = next;
  } while (after !== undefined);
}

function shown({ messageId, at, facts: _facts, ...rest }: ListedJourney): JourneyRow {
  const { users, ...row } = rest;
  return { id: messageId, at: isoOf(at), ...row, ...(users !== undefined && { users: [...users] }) };
}
