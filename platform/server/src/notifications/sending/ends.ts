// Says once what became of the message of a claim for each person of its job, however often it is tried for them
// and on how many devices. What was tried, and what came of each: the facts of pushes.

import type { PushReason } from '@belfry/protocol';
import type { PushFacts } from '../facts.ts';
import type { PendingDelivery, WaitingStep } from '../push-job.ts';
import type { RecipientVerdict } from './decide-recipient.ts';
import type { Delivered } from './deliver.ts';
import type { JobContext } from './job-context.ts';
import type { Missed } from './missed-messages.ts';

export type Sent = Pick<Delivered, 'fact' | 'isAccepted'>;
type Waiting = PendingDelivery | WaitingStep;

/** What came of one look at a person: nothing is owed any more, or devices were sent to. */
export type Came = { withdrawn: PushReason } | { sent: readonly Sent[] };

export interface Looked {
  /** What was due for them, and is done. */
  done: readonly Waiting[];
  /** What is still to come for them: it remembers what was said. */
  remaining: readonly Waiting[];
}

export class PushEnds {
  readonly #facts: Pick<PushFacts, 'ended'>;

  constructor(facts: Pick<PushFacts, 'ended'>) {
    this.#facts = facts;
  }

  came(context: JobContext, looked: Looked, came: Came): void {
    if ('withdrawn' in came) {
      this.#end(context, looked, came.withdrawn);
      return;
    }
    const { sent } = came;
    const { done, remaining } = looked;
    const failed = sent.findLast(({ fact }) => fact?.type === 'push.failed')?.fact?.reason;
    const why = failed ?? done.find(isStep)?.why;
    for (const step of remaining.filter(isStep)) if (why !== undefined) step.why = why;
    if (sent.some(({ isAccepted }) => isAccepted === true)) {
      // Of what a service had since a run before, that run has said it.
      const isNew = sent.some(({ fact }) => fact?.reason === 'accepted_by_provider');
      this.#end(context, looked, isNew ? 'accepted_by_provider' : undefined);
    } else if (remaining.length === 0) {
      this.#end(context, looked, why ?? 'no_device');
    } else if (isEnded(looked)) {
      this.#end(context, looked, undefined);
    }
  }

  /** Of a dead letter that is sent again, it was said that it failed. */
  #end({ app, payload }: JobContext, looked: Looked, reason: PushReason | undefined): void {
    if (reason !== undefined && payload.death === undefined && !isEnded(looked)) this.#facts.ended(app, reason);
    for (const each of looked.remaining) each.isEnded = true;
  }
}

/** Of the message that was claimed for, which may have a reason of its own. */
export function withdrawnReason(
  { unwanted }: Missed,
  { reason }: RecipientVerdict & { notify: 'never' },
  messageId: string,
): PushReason {
  for (const [message, why] of unwanted) if (message.id === messageId) return why;
  return reason;
}

/** Of one user. */
export function waitingOf(
  userId: string,
  { deliveries, fallbacks }: { deliveries: readonly PendingDelivery[]; fallbacks: readonly WaitingStep[] },
): Waiting[] {
  return [...deliveries, ...fallbacks].filter((each) => each.userId === userId);
}

function isStep(waiting: Waiting): waiting is WaitingStep {
  return 'before' in waiting;
}

function isEnded({ done, remaining }: Looked): boolean {
  return [...done, ...remaining].some((each) => each.isEnded === true);
}
