// The steps in which a person is erased, in order, a part at a time. When they are walked: erasure.ts.

import { isBelfryError, type ErasedMessages, type ErrorCode } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Erased, EraseRequest, Stores } from '../ports/stores/index.ts';
import type { Clock } from '../ports/clock.ts';

export interface StepInput {
  app: AppId;
  userId: string;
  /** Takes the place of the id where something is kept. */
  as: string;
  messages: ErasedMessages;
  /** The `next` of the part before. */
  after: string | undefined;
}

export interface Step {
  /** As the report counts it. */
  name: string;
  run(input: StepInput): Promise<Erased>;
}

type Erasing =
  | ('cursors' | 'journeys' | 'journeyIndex' | 'idempotency')
  | ('hookDeliveries' | 'webhookEvents' | 'deadLetters' | 'deliveries');

export interface ErasureStepsDeps {
  stores: {
    [S in Erasing]: Pick<Stores[S], 'erase'>;
  } & {
    messages: Pick<Stores['messages'], 'ofSender'>;
    uploads: Pick<Stores['uploads'], 'erase' | 'forget'>;
    users: Pick<Stores['users'], 'get' | 'remove'>;
    conversations: Pick<Stores['conversations'], 'ofUser'>;
    preferences: Pick<Stores['preferences'], 'ofUsers'>;
  };
  blobs: Pick<Blobs, 'remove'>;
  /** By the capabilities, so that clients and caches are told. */
  devices: {
    list(app: AppId, userId: string): Promise<readonly { deviceId: string }[]>;
    remove(app: AppId, deviceId: string): Promise<void>;
  };
  forgetPreferences: (app: AppId, userId: string) => Promise<boolean>;
  removeParticipant: (app: AppId, conversationId: string, userId: string) => Promise<void>;
  /** For everybody, as by the app's back end. */
  deleteMessage: (app: AppId, messageId: string) => Promise<unknown>;
  eraseMessages: (app: AppId, request: EraseRequest & { removedAtMs?: number | undefined }) => Promise<Erased>;
  /** Resolves when all that happened until now is where those who listen keep it. */
  factsKept: () => Promise<void>;
  surroundings: { clock: Pick<Clock, 'now'> };
}

/** Records that a store looks at in one call: it holds up whoever asks it meanwhile. */
const lookedAtOnce = 1000;
/** Of those that are read whole, and told of one by one. */
const toldAtOnce = 50;

/**
 * What is told to others comes first, while there is still something to tell of; journeys and the like, which
 * the steps before may still add to, come last.
 */
export function erasureSteps(deps: ErasureStepsDeps): Step[] {
  const { stores } = deps;
  const overStore = (name: Erasing): Step => ({
    name,
    run: (input) => stores[name].erase(input.app, requestOf(input)),
  });
  return [
    { name: 'devices', run: (input) => removeDevices(deps, input) },
    { name: 'preferences', run: (input) => forgetPreferences(deps, input) },
    { name: 'deletedMessages', run: (input) => deleteMessages(deps, input) },
    { name: 'conversations', run: (input) => leaveConversations(deps, input) },
    { name: 'messages', run: (input) => eraseMessages(deps, input) },
    { name: 'uploads', run: (input) => eraseUploads(deps, input) },
    overStore('cursors'),
    overStore('idempotency'),
    overStore('hookDeliveries'),
    overStore('deadLetters'),
    { name: 'webhookEvents', run: (input) => eraseWebhookEvents(deps, input) },
    overStore('deliveries'),
    overStore('journeys'),
    overStore('journeyIndex'),
  ];
}

function requestOf({ userId, as, after }: StepInput): EraseRequest {
  return { userId, as, after, limit: lookedAtOnce };
}

/** What the steps before did is told too: only what is kept by now can be taken away. */
async function eraseWebhookEvents({ stores, factsKept }: ErasureStepsDeps, input: StepInput): Promise<Erased> {
  if (input.after === undefined) await factsKept();
  return await stores.webhookEvents.erase(input.app, requestOf(input));
}

async function removeDevices({ devices }: ErasureStepsDeps, { app, userId }: StepInput): Promise<Erased> {
  const found = await devices.list(app, userId);
  for (const { deviceId } of found) await unlessGone(devices.remove(app, deviceId));
  return { erased: found.length };
}

async function forgetPreferences(deps: ErasureStepsDeps, { app, userId }: StepInput): Promise<Erased> {
  return { erased: (await deps.forgetPreferences(app, userId)) ? 1 : 0 };
}

/** What they sent into conversations, where that is to be removed: clients and phones lose it too. */
async function deleteMessages(deps: ErasureStepsDeps, input: StepInput): Promise<Erased> {
  const { app, userId, messages, after } = input;
  if (messages !== 'remove') return { erased: 0 };
  const { items, next } = await deps.stores.messages.ofSender(app, userId, { after, limit: lookedAtOnce });
  const ids = new Set(items.flatMap(({ id, conversationId }) => (conversationId === undefined ? [] : [id])));
  for (const id of ids) await unlessGone(deps.deleteMessage(app, id));
  return { erased: ids.size, ...(next === undefined ? {} : { next }) };
}

/** The list gets shorter by those that were left, so it is read from its beginning until it is empty. */
async function leaveConversations(deps: ErasureStepsDeps, { app, userId }: StepInput): Promise<Erased> {
  const rows = await deps.stores.conversations.ofUser(app, userId, { limit: toldAtOnce });
  for (const { conversation } of rows) await unlessGone(deps.removeParticipant(app, conversation.id, userId));
  return { erased: rows.length, ...(rows.length < toldAtOnce ? {} : { next: 'the rest' }) };
}

async function eraseMessages(deps: ErasureStepsDeps, input: StepInput): Promise<Erased> {
  const removedAtMs = input.messages === 'remove' ? deps.surroundings.clock.now() : undefined;
  return await deps.eraseMessages(input.app, { ...requestOf(input), removedAtMs });
}

/** Files that kept messages show are kept with them. */
async function eraseUploads({ stores, blobs }: ErasureStepsDeps, input: StepInput): Promise<Erased> {
  const { app, messages } = input;
  const keepUsed = messages === 'anonymise';
  const { claimed, ...step } = await stores.uploads.erase(app, { ...requestOf(input), keepUsed });
  for (const id of claimed) {
    // The blob first: while the row is there, it is found again.
    await blobs.remove(app, id);
    await stores.uploads.forget(app, [id]);
  }
  return step;
}

/** What had gone already needs nothing more. */
async function unlessGone(removing: Promise<unknown>): Promise<void> {
  try {
    await removing;
  } catch (error) {
    if (!isBelfryError(error) || !gone.has(error.code)) throw error;
  }
}

const gone = new Set<ErrorCode>(['not_found', 'message_deleted']);
