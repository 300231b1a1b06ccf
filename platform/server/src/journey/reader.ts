// Answers what was decided and done for one message. Whether the caller may ask is the edge's business.

import type { Journey } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { FactSubscription } from '../ports/facts.ts';
import type { JourneyStore, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import { factsAbout, type Positions } from './facts-about.ts';
import { foldCounts } from './fold-counts.ts';
import { foldRecipients } from './fold.ts';
import type { JourneyRecorder } from './recorder.ts';
import { readRow, type PlanBody, type ReadRow } from './rows.ts';

export interface JourneyReader {
  /**
   * Undefined when there is neither a journey nor a message of this id. Rejects with `unavailable` when the
   * store is away.
   */
  read(app: AppId, messageId: string): Promise<Journey | undefined>;
}

interface ReaderDeps {
  store: Pick<JourneyStore, 'read'>;
  /**
   * Where the message's own facts come from when its plan was lost with a killed process, or has been pruned.
   */
  messages: Pick<MessageStore, 'byId'>;
  /**
   * Both are asked to hand on what they hold, so that a journey read right after a broadcast is complete (as
   * far as this node goes).
   */
  facts: Pick<FactSubscription, 'flush'>;
  recorder: Pick<JourneyRecorder, 'flush'>;
}

export function createJourneyReader({ store, messages, facts, recorder }: ReaderDeps): JourneyReader {
  return {
    async read(app, messageId) {
      await facts.flush();
      await recorder.flush();
      const plan = await withRecipients(app, findPlan(await store.read(app, { messageId, at: [] })));
      if (plan?.body.recipients !== undefined || plan?.body.stream !== undefined) {
        return answer(plan, positionsOf(plan.body));
      }
      const copies = await messages.byId(app, messageId);
      const positions = new Map(copies.map(({ stream, seq }) => [stream, seq]));
      if (plan !== undefined) return answer(plan, positions);
      const [message] = copies;
      if (message === undefined) return undefined;
      const folded = foldRecipients(undefined, await factsOf(positions));
      return { message: aboutStored(message, copies.length), ...folded };

      async function answer(found: Plan, where: Positions): Promise<Journey> {
        const { recipients } = found.body;
        const known = await factsOf(where);
        const current =
          recipients === undefined
            ? { recipients: [], counts: foldCounts(found.body.counts, known) }
            : foldRecipients({ recipients, plannedAtMs: found.body.storedAtMs ?? found.at }, known);
        return { message: aboutPlanned(messageId, found), ...current };
      }

      async function factsOf(where: Positions) {
        const at = [...where].map(([stream, seq]) => ({ stream, seq }));
        const rows = await store.read(app, { messageId, at });
        return factsAbout(messageId, where, readable(rows));
      }
    },
  };

  /** Of a plan that names another for its recipients; they are unknown when that one is gone. */
  async function withRecipients(app: AppId, plan: Plan | undefined): Promise<Plan | undefined> {
    const recipientsOf = plan?.body.recipientsOf;
    if (plan === undefined || recipientsOf === undefined) return plan;
    const named = findPlan(await store.read(app, { messageId: recipientsOf, at: [] }));
    return { ...plan, body: { ...plan.body, recipients: named?.body.recipients } };
  }
}

type Plan = Extract<ReadRow, { type: 'plan' }>;

function readable(rows: Awaited<ReturnType<JourneyStore['read']>>): ReadRow[] {
  return rows.flatMap((row) => readRow(row) ?? []);
}

/** The first: a plan that was written twice, after an append with unknown outcome, is the same twice. */
function findPlan(rows: Awaited<ReturnType<JourneyStore['read']>>): Plan | undefined {
  return readable(rows).find((row) => row.type === 'plan');
}

function positionsOf({ stream, seq, recipients = [] }: PlanBody): Positions {
  const positions = new Map<string, number>();
  if (stream !== undefined && seq !== undefined) positions.set(stream, seq);
  for (const recipient of recipients) {
    if (recipient.stream !== undefined && recipient.seq !== undefined) positions.set(recipient.stream, recipient.seq);
  }
  return positions;
}

function aboutPlanned(id: string, { at, body }: Plan): Journey['message'] {
  const { kind, conversationId, stream, seq, senderId, storedAtMs, resolvedAtMs } = body;
  return {
    id,
    kind,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(stream === undefined ? {} : { stream }),
    ...(seq === undefined ? {} : { seq }),
    ...(senderId === undefined ? {} : { senderId }),
    acceptedAt: iso(at),
    ...(storedAtMs === undefined ? {} : { storedAt: iso(storedAtMs) }),
    ...(resolvedAtMs === undefined ? {} : { resolvedAt: iso(resolvedAtMs) }),
  };
}

/** When it was accepted is not kept with the message; it was just before it was stored. */
function aboutStored(message: StoredMessage, copies: number): Journey['message'] {
  const { id, kind, conversationId, stream, seq, senderId, storedAt } = message;
  return {
    id,
    kind,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(copies === 1 ? { stream, seq } : {}),
    ...(senderId === undefined ? {} : { senderId }),
    acceptedAt: iso(storedAt),
    storedAt: iso(storedAt),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
