// /apps/{app}/tokens: user tokens tried, and made for trials. A token that is tried stands in no log and is
// kept nowhere.

import { timestampSchema, tokenBodySchema } from '@belfry/protocol';
import * as z from 'zod';
import { tokenFindingNames } from '../../../tenancy/tokens/token-findings.ts';
import { tokenSteps } from '../../../tenancy/tokens/token-steps.ts';
import { needPlayground } from './playground.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';

const tag = 'Signing';

/** What a check found, for whoever says it in a language of their own. */
export const tokenFindingSchema = z
  .object({ what: z.enum(tokenFindingNames), values: z.record(z.string(), z.union([z.string(), z.number()])) })
  .meta({ id: 'TokenFinding' });

const inspectionSchema = z
  .object({
    ok: z.boolean(),
    steps: z.array(
      z.object({
        ...{ step: z.string(), result: z.enum(['ok', 'refused', 'left_out']), found: tokenFindingSchema },
        /** `found` in English. */
        detail: z.string(),
        ...{ reason: z.string().optional(), remedy: z.string().optional() },
      }),
    ),
    /** As they stand in the token, by whomever it was made. */
    claims: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'TokenInspection' });

/** One for trials is for now. */
const maxTokenSeconds = 15 * 60;

export const tokenRoutes = [
  appRoute({
    operationId: 'inspectToken',
    method: 'post',
    path: '/apps/{app}/tokens/inspect',
    tag,
    summary: 'Say why a user token is refused, check by check, and what to change where it is made',
    role: 'developer',
    params: appParams,
    body: z.strictObject({ token: z.string().trim().min(1).max(65_536) }),
    repeatable: true,
    answers: { 200: { description: 'Every check, also those behind the first that fails.', schema: inspectionSchema } },
    errors: ['csrf'],
    async handle({ caller, body }, { tokens }) {
      const inspection = await tokens.inspect(caller.app.app, body.token);
      const { claims, verdict } = inspection;
      const steps = tokenSteps(inspection);
      return { status: 200, body: { ok: verdict?.ok === true, steps, ...(claims !== undefined && { claims }) } };
    },
  }),
  appRoute({
    operationId: 'createTrialToken',
    method: 'post',
    path: '/apps/{app}/tokens',
    tag,
    summary:
      'Make a user token for a trial, good for 15 minutes at most; of a protected app while its playground is on',
    role: 'developer',
    params: appParams,
    body: tokenBodySchema,
    marks: ['audit'],
    repeatable: true,
    answers: {
      201: {
        description: 'Good until `expiresAt`.',
        schema: z.object({ token: z.string(), expiresAt: timestampSchema }).meta({ id: 'TrialToken' }),
      },
    },
    errors: ['conflict', 'csrf'],
    async handle({ caller, body }, { tokens, audit, clock }) {
      needPlayground(caller, clock);
      const expiresInSeconds = Math.min(body.expiresInSeconds, maxTokenSeconds);
      const made = await tokens.sign(caller.app.app, { ...body, expiresInSeconds });
      const object = { type: 'user', id: body.userId };
      await recordOfApp(caller, { action: 'token.create', object, after: { expiresInSeconds } }, audit);
      return { status: 201, body: made };
    },
  }),
];
