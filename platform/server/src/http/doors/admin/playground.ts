// /apps/{app}/playground: what the console's playground asks for beside what other screens ask for too, as tokens,
// broadcasts and journeys. In a protected app it is off, unless an administrator turns it on for an hour.

import { BelfryError, conversationAnswerSchema, isAllowedOrigin, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { Clock } from '../../../ports/clock.ts';
import type { AppRecord } from '../../../ports/stores/index.ts';
import { changeAnyRecord } from './app-change.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Playground';

const stateSchema = z
  .object({
    /** Of the person who asks. */
    conversationId: z.string(),
    /** The server makes its tokens; where not, nobody can be anybody. */
    makesTokens: z.boolean(),
    /** Its WebSocket takes pages of `origin`. */
    takesThisPage: z.boolean(),
    /** Pushes of a pretend phone can be shown. */
    showsPushes: z.boolean(),
    ...{ disabled: z.boolean(), protected: z.boolean(), on: z.boolean(), until: z.string().optional() },
  })
  .meta({ id: 'PlaygroundState' });

const shownPushSchema = z
  .object({
    ...{ number: z.int(), at: z.string(), title: z.string(), body: z.string(), count: z.int() },
    ...{ collapseKey: z.string(), priority: z.string(), data: z.record(z.string(), z.unknown()), cleared: z.boolean() },
  })
  .meta({ id: 'ShownPush' });

const onForMs = 3_600_000;

export const playgroundRoutes = [
  appRoute({
    operationId: 'getPlayground',
    method: 'get',
    path: '/apps/{app}/playground',
    tag,
    summary: 'Whether two people can be tried in this app from a page of `origin`, and what else works',
    role: 'developer',
    params: appParams,
    query: z.strictObject({ origin: z.string().max(300).default('') }),
    answers: { 200: { description: 'As it is.', schema: stateSchema } },
    async handle({ caller, query: { origin } }, services) {
      return { status: 200, body: await stateOf(caller, caller.app, { origin, services }) };
    },
  }),
  appRoute({
    operationId: 'switchPlayground',
    method: 'put',
    path: '/apps/{app}/playground',
    tag,
    summary: 'Turn the playground of a protected app on for an hour, or off',
    role: 'admin',
    params: appParams,
    body: z.strictObject({ on: z.boolean() }),
    marks: ['audit'],
    answers: { 200: { description: 'As it is now.', schema: stateSchema } },
    errors: ['csrf'],
    async handle({ caller, body: { on } }, services) {
      const playgroundUntil = on ? services.clock.now() + onForMs : undefined;
      const { before, after } = await changeAnyRecord(caller, (app) => ({ ...app, playgroundUntil }), services);
      const change = { action: 'playground.switch', object: { type: 'app', id: caller.app.app } };
      const sides = { before: { until: untilOf(before) }, after: { until: untilOf(after) } };
      await recordOfApp(caller, { ...change, ...sides }, services.audit);
      return { status: 200, body: await stateOf(caller, after, { origin: '', services }) };
    },
  }),
  appRoute({
    operationId: 'makePlaygroundConversation',
    method: 'post',
    path: '/apps/{app}/playground/conversation',
    tag,
    summary: "Make the caller's own conversation to try things in, or add users to it",
    role: 'developer',
    params: appParams,
    body: z.strictObject({ userIds: z.array(userIdSchema).min(1).max(10) }),
    marks: ['audit'],
    answers: { 200: { description: 'The conversation.', schema: conversationAnswerSchema } },
    errors: ['too_many', 'csrf'],
    async handle({ caller, body: { userIds } }, { conversations, audit, clock }) {
      needPlayground(caller, clock);
      const { app } = caller.app;
      const id = conversationOf(caller);
      await conversations.put(app, id, { title: `Playground of ${caller.session.account.name}`.slice(0, 200) });
      const added: string[] = [];
      for (const userId of userIds) {
        if ((await conversations.putParticipant(app, id, { userId, role: 'member' })) === 'added') added.push(userId);
      }
      const object = { type: 'conversation', id };
      if (added.length > 0) {
        await recordOfApp(caller, { action: 'participant.update', object, after: { added } }, audit);
      }
      return { status: 200, body: { conversation: await conversations.get(app, id) } };
    },
  }),
  appRoute({
    operationId: 'listShownPushes',
    method: 'get',
    path: '/apps/{app}/playground/phones/{id}/pushes',
    tag,
    summary: 'What a pretend phone was shown by the node that is asked, since it was asked about first',
    role: 'developer',
    params: appParams.extend({ id: z.string().max(64) }),
    answers: {
      200: { description: 'Oldest first.', schema: z.object({ items: z.array(shownPushSchema) }) },
    },
    async handle({ caller, params: { id } }, { pushes, clock }) {
      needPlayground(caller, clock);
      return { status: 200, body: { items: [...pushes.of(caller.app.app, id)] } };
    },
  }),
];

/** Throws `forbidden` in a protected app, unless somebody turned it on. */
export function needPlayground({ app }: InApp, clock: Pick<Clock, 'now'>): void {
  if (isOn(app, clock.now())) return;
  throw new BelfryError('forbidden', {
    message: 'The playground of a protected app is off. An administrator turns it on for an hour.',
    details: { needs: 'playground' },
  });
}

function isOn({ protected: isProtected = false, playgroundUntil = 0 }: AppRecord, now: number): boolean {
  return !isProtected || playgroundUntil > now;
}

function untilOf({ playgroundUntil }: AppRecord): string | undefined {
  return playgroundUntil === undefined ? undefined : isoOf(playgroundUntil);
}

/** Each person has their own, so that nobody reads what others try. */
function conversationOf({ session }: SignedIn): string {
  return `playground-${session.account.id}`;
}

async function stateOf(
  caller: SignedIn,
  record: AppRecord,
  { origin, services }: { origin: string; services: Pick<AdminServices, 'providers' | 'clock'> },
) {
  const { app, disabled, signingSecrets, allowedOrigins, protected: isProtected = false } = record;
  const now = services.clock.now();
  const until = isProtected && isOn(record, now) ? untilOf(record) : undefined;
  const providers = await services.providers.providers(app);
  return {
    conversationId: conversationOf(caller),
    makesTokens: signingSecrets.length > 0,
    takesThisPage: isAllowedOrigin(allowedOrigins, origin),
    showsPushes: providers.some(({ id, plugin }) => id === 'logging' && plugin === 'logging'),
    ...{ disabled, protected: isProtected, on: isOn(record, now) },
    ...(until === undefined ? {} : { until }),
  };
}
