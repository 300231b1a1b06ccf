// A sender's ordered outbox: unanswered messages are sent again, in order, by the next connection. Not the
// connection itself.

import { LinkLost, type Answer } from './link.ts';
import type { Notebook } from './notebook.ts';

export interface Draft {
  app: string;
  stream: string;
  conversationId: string;
  sender: string;
  n: number;
  key: string;
  text: string;
}

/** Rejects with LinkLost when the outcome is unknown. */
export type Carry = (draft: Draft) => Promise<Answer>;

export interface OutboxOptions {
  /** Messages on their way at a time. */
  window: number;
  notebook: Notebook;
  /** A message that is refused is not sent again. */
  givesUp?: boolean;
  onStored?: (draft: Draft, stored: { messageId: string; seq: number }) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #drafts: Draft[] = [];
  readonly #onTheirWay = new Set<Draft>();
  #carry: Carry | undefined;
  #heldBack: NodeJS.Timeout | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#drafts.length;
  }

  get isUnderWay(): boolean {
    return this.#onTheirWay.size > 0;
  }

  add(draft: Draft): void {
    this.#drafts.push(draft);
    this.#pump();
  }

  /** A connection is there: all that was not answered goes out again. */
  attach(carry: Carry): void {
    this.#carry = carry;
    this.#onTheirWay.clear();
    this.#pump();
  }

  detach(): void {
    this.#carry = undefined;
    this.#onTheirWay.clear();
    clearTimeout(this.#heldBack);
    this.#heldBack = undefined;
  }

  #pump(): void {
    const carry = this.#carry;
    if (carry === undefined || this.#heldBack !== undefined) return;
    for (const draft of this.#drafts) {
      if (this.#onTheirWay.size >= this.#options.window) return;
      if (!this.#onTheirWay.has(draft)) void this.#send(draft, carry);
    }
  }

  async #send(draft: Draft, carry: Carry): Promise<void> {
    const { notebook } = this.#options;
    const { app, stream, sender, n, key } = draft;
    this.#onTheirWay.add(draft);
    notebook.record({ type: 'sent', app, stream, sender, n, key, via: 'outbox' });
    let answer: Answer;
    try {
      answer = await carry(draft);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
      // Another connection has taken over, or will.
      return;
    }
    if (this.#carry !== carry) this.#onTheirWay.delete(draft);
    this.#resolve(draft, answer);
  }

  #resolve(draft: Draft, { ok, data, error }: Answer): void {
    const { notebook, givesUp = false, onStored } = this.#options;
    const { app, stream, key } = draft;
    if (ok) {
      const stored = { messageId: String(data['messageId']), seq: Number(data['seq']) };
      notebook.record({ type: 'answered', app, stream, key, ...stored, duplicate: data['duplicate'] === true });
      onStored?.(draft, stored);
      this.#drop(draft);
      return;
    }
    const { code = 'none', retry = 'never', afterMs = 100 } = error ?? {};
    const isFinal = retry === 'never';
    if (isFinal) notebook.record({ type: 'odd', what: `${key} was refused for ever: ${code}` });
    notebook.record({ type: 'refused', app, stream, key, code, gaveUp: givesUp || isFinal });
    if (givesUp || isFinal) {
      this.#drop(draft);
      return;
    }
    this.#onTheirWay.delete(draft);
    this.#holdBack(Math.min(afterMs, 1000));
  }

  #drop(draft: Draft): void {
    this.#onTheirWay.delete(draft);
    const at = this.#drafts.indexOf(draft);
    if (at >= 0) this.#drafts.splice(at, 1);
    this.#pump();
  }

  #holdBack(ms: number): void {
    this.#heldBack ??= setTimeout(() => {
      this.#heldBack = undefined;
      this.#pump();
    }, ms);
  }
}
