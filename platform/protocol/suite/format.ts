// The format of a scenario file, as README.md describes it. Running one: replay.ts.
import * as z from 'zod';

/** The shape of the expected value; see README.md for the words that begin with a dollar sign. */
const matcherSchema = z.unknown();

const clientNameSchema = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** How long a step waits for what it expects; the runner's default (5 s) unless said. */
const withinMsSchema = z.int().min(1).optional();

/**
 * The app's API key, a user by a token that the runner gets from `POST /api/v1/tokens`, or no credentials at
 * all.
 */
const identitySchema = z.union([z.enum(['key', 'nobody']), z.strictObject({ user: z.string() })]);

const httpStepSchema = z.strictObject({
  http: z.strictObject({
    as: identitySchema,
    method: z.enum(['GET', 'PUT', 'POST', 'PATCH', 'DELETE']),
    path: z.string().startsWith('/'),
    headers: z.record(z.string(), z.string()).optional(),
    /** Sent as JSON. */
    body: z.unknown().optional(),
    /** Sent as it is, with content type application/json: for JSON that is broken on purpose. */
    text: z.string().optional(),
  }),
  status: z.union([z.int(), z.array(z.int()).min(1)]),
  headers: z.record(z.string(), matcherSchema).optional(),
  body: matcherSchema.optional(),
  /** The request is repeated until the answer is as expected; for what the server does off the hot path. */
  eventually: z.boolean().optional(),
  withinMs: withinMsSchema,
});

/** Posts a webhook to `POST /hooks/{id}`, signed over what is sent. */
const hookStepSchema = z.strictObject({
  hook: z.strictObject({
    id: z.string(),
    /** The same in every attempt of the sender. */
    webhookId: z.string(),
    /** The secret that it is signed with: `$var:` of what a step that made or rotated the hook captured. */
    secret: z.string(),
    /** Sent as JSON. */
    body: z.unknown().optional(),
    /** Sent as it is, instead of `body`. */
    text: z.string().optional(),
    /** How long ago it was signed; negative: in the future. 0 unless said. */
    ageSeconds: z.int().optional(),
    /** Over what the signature is made instead of what is sent. */
    signedText: z.string().optional(),
  }),
  status: z.union([z.int(), z.array(z.int()).min(1)]),
  body: matcherSchema.optional(),
});

/** Opens a socket and says nothing on it. */
const openStepSchema = z.strictObject({ open: clientNameSchema });

/**
 * Opens a socket, gets a token of the user (a visitor has none), sends `connect` with id 1 and awaits the
 * answer.
 */
const connectStepSchema = z.strictObject({
  connect: clientNameSchema,
  user: z.string().optional(),
  page: z.string(),
  deviceType: z.enum(['mobile', 'desktop', 'tablet']),
  visible: z.boolean().optional(),
  resume: z.array(z.unknown()).optional(),
  /** Of the answer's `data`. */
  data: matcherSchema.optional(),
});

const sendStepSchema = z.strictObject({
  send: clientNameSchema,
  frame: z.record(z.string(), z.unknown()).optional(),
  /** Sent as it is, instead of a frame. */
  text: z.string().optional(),
  /** Sends the frame this many times without waiting, counting its id up. */
  times: z.int().min(1).optional(),
});

/** Awaits an answer (a frame with `ok`) or an event (any other). */
const expectStepSchema = z.strictObject({
  expect: clientNameSchema,
  frame: matcherSchema,
  /** The event need not be the next one; those before it stay to be expected. */
  anywhere: z.boolean().optional(),
  withinMs: withinMsSchema,
});

/**
 * No event has come to any of these clients that was not expected already, nor comes before the answer to a
 * heartbeat.
 */
const expectNothingStepSchema = z.strictObject({ expectNothing: z.array(clientNameSchema).min(1) });

const expectCloseStepSchema = z.strictObject({
  expectClose: clientNameSchema,
  code: z.union([z.int(), z.array(z.int()).min(1)]),
  withinMs: withinMsSchema,
});

/** Closes from the client's side. */
const closeStepSchema = z.strictObject({ close: clientNameSchema, code: z.int().optional() });

export const stepSchema = z.union([
  httpStepSchema,
  hookStepSchema,
  openStepSchema,
  connectStepSchema,
  sendStepSchema,
  expectStepSchema,
  expectNothingStepSchema,
  expectCloseStepSchema,
  closeStepSchema,
]);
export type Step = z.infer<typeof stepSchema>;
export type HttpStep = z.infer<typeof httpStepSchema>;
export type HookStep = z.infer<typeof hookStepSchema>;
export type ConnectStep = z.infer<typeof connectStepSchema>;
export type ExpectStep = z.infer<typeof expectStepSchema>;
export type SendStep = z.infer<typeof sendStepSchema>;
export type Identity = z.infer<typeof identitySchema>;

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string(),
  description: z.string(),
  steps: z.array(stepSchema).min(1),
});
export type Scenario = z.infer<typeof scenarioSchema>;
