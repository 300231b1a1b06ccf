// The facts of one app that wait to be written, grouped so that few rows come of them. Not when they are
// written: recorder.ts.

import type { AckedRange, MessageCaughtUp, MessageSent, PushFact } from '../ports/message-facts.ts';
import type { JourneyEntry, JourneyRow } from '../ports/stores/index.ts';
import { entryOfPlan, isIncomplete, isListed } from './entries.ts';
import { ackRow, caughtUpRow, planRow, pushRow } from './rows.ts';

/** So that no row grows beyond some 100 KB. */
const factsPerRow = 500;

interface Group {
  readonly facts: number;
  row(): JourneyRow;
}

/** A plan, and what is acknowledged of its message before it is written: one row then says both. */
class PlanGroup implements Group {
  readonly #plan: MessageSent;
  readonly #recipientsOf: string | undefined;
  readonly #acks: AckedRange[] = [];

  constructor(plan: MessageSent, recipientsOf: string | undefined) {
    this.#plan = plan;
    this.#recipientsOf = recipientsOf;
  }

  get facts(): number {
    const recipients = this.#recipientsOf === undefined ? (this.#plan.recipients?.length ?? 0) : 0;
    return 1 + recipients + this.#acks.length;
  }

  add(ack: AckedRange): void {
    this.#acks.push(ack);
  }

  // The row is made when it is written, off the path of the message.
  row(): JourneyRow {
    return planRow(this.#plan, this.#acks, this.#recipientsOf);
  }

  /** None of what nobody looks for. */
  entry(): JourneyEntry | undefined {
    return isListed(this.#plan.kind) ? entryOfPlan(this.#plan, this.#acks) : undefined;
  }

  get isIncomplete(): boolean {
    return isIncomplete(this.#plan, this.#acks);
  }
}

class GrowingGroup<F> implements Group {
  readonly #facts: [F, ...F[]];
  readonly #make: (facts: readonly [F, ...F[]]) => JourneyRow;

  constructor(first: F, make: (facts: readonly [F, ...F[]]) => JourneyRow) {
    this.#facts = [first];
    this.#make = make;
  }

  get facts(): number {
    return this.#facts.length;
  }

  add(fact: F): void {
    this.#facts.push(fact);
  }

  row(): JourneyRow {
    return this.#make(this.#facts);
  }
}

/** Adding returns how many rows more there will be: 0 when the fact joins a row. */
export class PendingFacts {
  readonly #groups: Group[] = [];
  /** By stream, then by seq. */
  readonly #plans = new Map<string, Map<number, PlanGroup>>();
  readonly #acks = new Map<string, GrowingGroup<AckedRange>>();
  readonly #caughtUp = new Map<string, GrowingGroup<MessageCaughtUp>>();
  readonly #pushes = new Map<string, GrowingGroup<PushFact>>();

  /** Rows there will be. */
  get size(): number {
    return this.#groups.length;
  }

  /** Facts in them. */
  get facts(): number {
    return this.#groups.reduce((sum, group) => sum + group.facts, 0);
  }

  /** With `recipientsOf` the plan's recipients are those of that message's, which was added before. */
  plan(plan: MessageSent, recipientsOf: string | undefined): number {
    const group = new PlanGroup(plan, recipientsOf);
    this.#groups.push(group);
    const { stream, seq } = plan;
    if (stream === undefined || seq === undefined) return 1;
    const plans = this.#plans.get(stream);
    if (plans === undefined) this.#plans.set(stream, new Map([[seq, group]]));
    else plans.set(seq, group);
    return 1;
  }

  ack(range: AckedRange): number {
    const plan = range.from === range.to ? this.#plans.get(range.stream)?.get(range.to) : undefined;
    if (plan !== undefined) {
      plan.add(range);
      return 0;
    }
    return this.#join(this.#acks, { key: range.stream, fact: range, make: ackRow });
  }

  caughtUp(fact: MessageCaughtUp): number {
    return this.#join(this.#caughtUp, { key: fact.stream, fact, make: caughtUpRow });
  }

  push(fact: PushFact): number {
    return this.#join(this.#pushes, {
      key: `${fact.messageId} ${fact.stream} ${fact.through ?? 0}`,
      fact,
      make: pushRow,
    });
  }

  rows(): readonly JourneyRow[] {
    return this.#groups.map((group) => group.row());
  }

  /** Of the plans among the rows; `incomplete`: the messages whose entries lack something. */
  entries(): { entries: readonly JourneyEntry[]; incomplete: readonly string[] } {
    const made = this.#groups.flatMap((group) => {
      const entry = group instanceof PlanGroup ? group.entry() : undefined;
      return entry === undefined ? [] : [{ entry, isIncomplete: group instanceof PlanGroup && group.isIncomplete }];
    });
    return {
      entries: made.map(({ entry }) => entry),
      incomplete: made.flatMap(({ entry, isIncomplete: lacks }) => (lacks ? entry.messageId : [])),
    };
  }

  /** Adds all of another, which came later. */
  append(later: PendingFacts): void {
    this.#groups.push(...later.#groups);
    // Groups of the later one go on by themselves; new facts begin new ones.
    for (const open of [this.#plans, this.#acks, this.#caughtUp, this.#pushes]) open.clear();
  }

  #join<F>(
    open: Map<string, GrowingGroup<F>>,
    joining: { key: string; fact: F; make: (facts: readonly [F, ...F[]]) => JourneyRow },
  ): number {
    const { key, fact, make } = joining;
    const group = open.get(key);
    if (group !== undefined && group.facts < factsPerRow) {
      group.add(fact);
      return 0;
    }
    const begun = new GrowingGroup(fact, make);
    open.set(key, begun);
    this.#groups.push(begun);
    return 1;
  }
}
