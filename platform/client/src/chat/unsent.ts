// The end of a conversation: messages that wait in the queue, and those that the queue gave up and does not
// know any more. Sending them: queue/message-queue.ts.
import type { Belfry, QueuedMessage } from '../types.ts';
import { fromQueued, type ChatMessage } from './message-adapter.ts';
import type { Log } from './message-log.ts';

export class Unsent {
  readonly #conversationId: string;
  readonly #belfry: Belfry;
  readonly #givenUp = new Map<string, QueuedMessage>();

  constructor(conversationId: string, belfry: Belfry) {
    this.#conversationId = conversationId;
    this.#belfry = belfry;
  }

  /** Oldest first; without those that are in the log already. */
  messages(log: Log): ChatMessage[] {
    const { userId } = this.#belfry.snapshot();
    const isInLog = (cid: string): boolean => log.some((each) => each.mine && each.cid === cid);
    return [...this.#belfry.outbox.messages(), ...this.#givenUp.values()]
      .filter(({ cid, draft }) => draft.conversationId === this.#conversationId && !isInLog(cid))
      .sort((a, b) => a.queuedAt - b.queuedAt)
      .map((message) => fromQueued(message, userId));
  }

  /** The queue published a change of a message of this conversation. */
  queueChanged(message: QueuedMessage): void {
    const { cid, state, error } = message;
    this.#givenUp.delete(cid);
    const isKept = this.#belfry.outbox.messages().some((each) => each.cid === cid);
    if (state === 'failed' && error?.code !== 'cancelled' && !isKept) this.#givenUp.set(cid, message);
  }

  retry(cid: string): void {
    const lost = this.#givenUp.get(cid);
    if (!lost) {
      this.#belfry.outbox.retry(cid);
      return;
    }
    this.#givenUp.delete(cid);
    this.#belfry.send({ ...lost.draft, cid });
  }

  async cancel(cid: string): Promise<boolean> {
    return this.#givenUp.delete(cid) || (await this.#belfry.outbox.cancel(cid));
  }

  forget(): void {
    this.#givenUp.clear();
  }
}
