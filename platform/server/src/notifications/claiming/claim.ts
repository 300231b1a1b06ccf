// Decides in bulk who of a message's recipients is pushed, and queues the jobs. The decision itself is one
// conditional update of the store.
import { partsOf } from '../../concurrency/parts-of.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { PushFact } from '../../ports/message-facts.ts';
import type { Queue } from '../../ports/queue.ts';
import type { ClaimOutcome, CursorStore, MessageStore, StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { Acks } from '../../sessions/acks.ts';
import type { PushFacts } from '../facts.ts';
import { holderOf } from './held-back-by.ts';
import type { SettingsOf } from '../push-settings.ts';
import { claimIdOf, newPushJob, pushQueue } from '../push-job.ts';

export interface ClaimDeps {
  cursors: CursorStore;
  messages: Pick<MessageStore, 'heads'>;
  queue: Pick<Queue, 'add'>;
  acks: Pick<Acks, 'flush'>;
  settings: SettingsOf;
  facts: PushFacts;
  surroundings: Pick<Surroundings, 'clock' | 'metrics' | 'tracing'>;
  jobRecipients: number;
}

/**
 * Claims for these users and queues the winners; rejects when a store or the queue is away. Each step may be
 * repeated, all of it as well.
 */
export type Claim = (app: AppId, message: StoredMessage, userIds: readonly string[]) => Promise<void>;

export function createClaim(deps: ClaimDeps): Claim {
  const { cursors, queue, facts } = deps;
  const { clock, metrics, tracing } = deps.surroundings;
  return async (app, message, userIds) => {
    if (userIds.length === 0) return;
    // An acknowledgement that was heard but is not stored yet would lose against the claim.
    await deps.acks.flush();
    const { stream, seq } = message;
    const [settings, heads] = await Promise.all([deps.settings(app), deps.messages.heads(app, [stream])]);
    const through = Math.max(seq, heads.get(stream)?.seq ?? 0);
    const heldBackBy = holderOf(message.policy, settings);
    for (const part of partsOf(userIds, deps.jobRecipients)) {
      const claimId = claimIdOf(message);
      const outcomes = await cursors.claim(app, { stream, seq, through, userIds: part, claimId, heldBackBy });
      // A claim made before a kill keeps the reach it had then.
      const winners = outcomes
        .filter(({ result }) => result === 'won')
        .map(({ userId, cursor }) => ({ userId, from: cursor.claim?.from ?? seq - 1, through: cursor.pushed }));
      if (winners.length > 0)
        await queue.add(pushQueue, [newPushJob(app, message, { recipients: winners, trace: tracing?.traceparent() })]);
      facts.record(
        app,
        outcomes.flatMap((outcome) => factsOf(facts, message, outcome)),
      );
      for (const [lost, reason] of endings) {
        facts.ended(app, reason, outcomes.filter(({ result }) => result === lost).length);
      }
    }
    metrics.observe('push_wait_seconds', [], Math.max(0, clock.now() - message.storedAt) / 1000);
  };
}

/** What a claim that was not won means for a message. Of the winners their job says it. */
const endings = [
  ['acked', 'cancelled_acked'],
  ['read', 'cancelled_read'],
  ['pushed', 'collapsed_into'],
] as const;

/** Users whom an earlier claim covers are reported by that claim's job. */
function factsOf(
  facts: PushFacts,
  { id, stream, seq }: StoredMessage,
  { userId, result, cursor }: ClaimOutcome,
): PushFact[] {
  const about = { messageId: id, stream, seq, userId };
  switch (result) {
    case 'won':
      return [facts.make(about, 'queued', { through: cursor.pushed })];
    case 'acked':
      return [facts.make(about, 'cancelled_acked')];
    case 'read':
      return [facts.make(about, 'cancelled_read')];
    case 'pushed':
      return [];
  }
}
