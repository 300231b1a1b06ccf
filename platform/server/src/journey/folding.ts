// Puts one journey together from what is stored of it. What is still in memory, and who may ask: reader.ts.

import { featuresFor, reasonCountsSchema, type Journey, type ReasonCounts } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { JourneyStore, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import { factsAbout, type FactAbout, type Positions } from './facts-about.ts';
import { foldCounts } from './fold-counts.ts';
import { foldRecipients } from './fold.ts';
import { readRow, type PlanBody, type ReadRow } from './rows.ts';

export interface Folded {
  journey: Journey;
  /** Undefined: it is not known for how many it was. */
  recipientCount: number | undefined;
  /** When somebody saw it first. */
  firstSeenAtMs: number | undefined;
  /** Rows that are stored of it. */
  facts: number;
}

interface FoldingDeps {
  store: Pick<JourneyStore, 'read'>;
  /**
   * Where the message's own facts come from when its plan was lost with a killed process, or has been pruned.
   */
  messages: Pick<MessageStore, 'byId'>;
}

type Plan = Extract<ReadRow, { type: 'plan' }>;
type Rows = Awaited<ReturnType<JourneyStore['read']>>;

export class JourneyFolding {
  readonly #deps: FoldingDeps;

  constructor(deps: FoldingDeps) {
    this.#deps = deps;
  }

  /** Undefined when there is neither a journey nor a message of this id. */
  async fold(app: AppId, messageId: string): Promise<Folded | undefined> {
    const { store, messages } = this.#deps;
    const plan = await this.#withRecipients(app, findPlan(await store.read(app, { messageId, at: [] })));
    if (plan?.body.recipients !== undefined || plan?.body.stream !== undefined) {
      return foldPlan(messageId, plan, await this.#factsOf(app, messageId, positionsOf(plan.body)));
    }
    const copies = await messages.byId(app, messageId);
    const facts = await this.#factsOf(app, messageId, new Map(copies.map(({ stream, seq }) => [stream, seq])));
    if (plan !== undefined) return foldPlan(messageId, plan, facts);
    const [message] = copies;
    if (message === undefined) return undefined;
    const folded = foldRecipients(undefined, facts.known);
    const journey = { message: aboutStored(message, copies.length), ...folded };
    return { journey, recipientCount: undefined, firstSeenAtMs: firstSeen(journey, facts.known), facts: facts.count };
  }

  /** What was decided when the message came; undefined where nothing is known of that any more. */
  async decided(app: AppId, messageId: string): Promise<ReasonCounts | undefined> {
    const plan = findPlan(await this.#deps.store.read(app, { messageId, at: [] }));
    return reasonCountsSchema.safeParse(plan?.body.counts).data;
  }

  async #factsOf(app: AppId, messageId: string, where: Positions): Promise<KnownFacts> {
    const at = [...where].map(([stream, seq]) => ({ stream, seq }));
    const rows = await this.#deps.store.read(app, { messageId, at });
    return { known: factsAbout(messageId, where, readable(rows)), count: rows.length };
  }

  /** Of a plan that names another for its recipients; they are unknown when that one is gone. */
  async #withRecipients(app: AppId, plan: Plan | undefined): Promise<Plan | undefined> {
    const recipientsOf = plan?.body.recipientsOf;
    if (plan === undefined || recipientsOf === undefined) return plan;
    const named = findPlan(await this.#deps.store.read(app, { messageId: recipientsOf, at: [] }));
    return { ...plan, body: { ...plan.body, recipients: named?.body.recipients, why: named?.body.why } };
  }
}

interface KnownFacts {
  known: readonly FactAbout[];
  count: number;
}

function foldPlan(messageId: string, found: Plan, { known, count }: KnownFacts): Folded {
  const { recipients, why, recipientCount, counts, storedAtMs } = found.body;
  const current =
    recipients === undefined
      ? { recipients: [], counts: foldCounts(counts, known) }
      : foldRecipients({ recipients, why, plannedAtMs: storedAtMs ?? found.at }, known);
  const journey = { message: aboutPlanned(messageId, found), ...current };
  return { journey, recipientCount, firstSeenAtMs: firstSeen(journey, known), facts: count };
}

/** By its connections; where they are not known, by whoever acknowledged it. */
function firstSeen({ recipients }: Journey, facts: readonly FactAbout[]): number | undefined {
  const times =
    recipients.length > 0
      ? recipients.flatMap(({ realtime }) =>
          realtime.flatMap(({ reason, ackedAt }) =>
            reason === 'acked' && ackedAt !== undefined ? Date.parse(ackedAt) : [],
          ),
        )
      : facts.flatMap((each) => (each.about === 'ack' && each.fact.visible ? each.atMs : []));
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
}

function readable(rows: Rows): ReadRow[] {
  return rows.flatMap((row) => readRow(row) ?? []);
}

/** The first: a plan that was written twice, after an append with unknown outcome, is the same twice. */
function findPlan(rows: Rows): Plan | undefined {
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
  const { kind, conversationId, stream, seq, senderId, before, storedAtMs, resolvedAtMs } = body;
  return {
    id,
    kind,
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(stream === undefined ? {} : { stream }),
    ...(seq === undefined ? {} : { seq }),
    ...(senderId === undefined ? {} : { senderId }),
    ...(before === undefined ? {} : { before: viewBefore(before) }),
    acceptedAt: iso(at),
    ...(storedAtMs === undefined ? {} : { storedAt: iso(storedAtMs) }),
    ...(resolvedAtMs === undefined ? {} : { resolvedAt: iso(resolvedAtMs) }),
    ...decidedBy(body),
  };
}

function viewBefore({ ms, ...before }: NonNullable<PlanBody['before']>): Journey['message']['before'] {
  return { ...before, durationMs: ms };
}

function decidedBy({
  action,
  recipientCount,
  policy,
  deliveredMeans,
  resendOf,
}: PlanBody): Partial<Journey['message']> {
  const { feature, ...rest } = policy ?? {};
  const features = action === undefined ? [] : featuresFor(action, feature);
  return {
    ...(action === undefined ? {} : { action }),
    ...(recipientCount === undefined ? {} : { recipients: recipientCount }),
    ...(policy === undefined ? {} : { policy: rest }),
    ...(features.length === 0 ? {} : { features: [...features] }),
    ...(deliveredMeans === undefined ? {} : { deliveredMeans }),
    ...(resendOf === undefined ? {} : { resendOf }),
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
