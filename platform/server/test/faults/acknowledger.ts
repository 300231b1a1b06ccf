// Acknowledges how far a client has its streams, gathered and cumulative, and again to a server that may have
// forgotten. When a message counts as had is participant.ts.

import type { Answer } from './link.ts';
import type { Notebook } from './notebook.ts';
import type { Random } from './random.ts';

export interface AcknowledgerOptions {
  app: string;
  user: string;
  /** By a visible or mobile connection: it holds a push back. */
  holds: boolean;
  notebook: Notebook;
  random: Random;
  /** Undefined while there is no connection; rejects when it is lost. */
  ask(data: Record<string, unknown>): Promise<Answer> | undefined;
}

export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  /** By stream: how far it would say that it has it. */
  readonly #ackable = new Map<string, number>();
  /** The positions that this connection acknowledged already. */
  readonly #said = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  record(stream: string, seq: number): void {
    this.#ackable.set(stream, Math.max(seq, this.#ackable.get(stream) ?? 0));
    this.#soon(this.#options.random.between(20, 150));
  }

  /** On a new connection: the server may have lost with its process what it knew of the old one. */
  again(): void {
    this.#said.clear();
    this.#soon(this.#options.random.between(20, 150));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #soon(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#say();
    }, ms);
  }

  #say(): void {
    const { app, user, holds, notebook, ask } = this.#options;
    const cursors = [...this.#ackable]
      .filter(([stream, seq]) => seq > (this.#said.get(stream) ?? 0))
      .map(([stream, seq]) => ({ stream, seq }));
    if (cursors.length === 0) return;
    const asked = ask({ cursors });
    if (asked === undefined) return;
    for (const cursor of cursors) {
      notebook.record({ type: 'ack_sent', app, user, holds, ...cursor });
      this.#said.set(cursor.stream, cursor.seq);
    }
    asked.then(
      ({ ok, error }) => {
        if (ok) for (const cursor of cursors) notebook.record({ type: 'ack_answered', app, user, holds, ...cursor });
        else this.#refused(error);
      },
      // Lost with the connection; the next one says it again.
      () => undefined,
    );
  }

  #refused(error: Answer['error']): void {
    const { user, notebook } = this.#options;
    if (error?.retry === 'never') notebook.record({ type: 'odd', what: `${user} may not acknowledge: ${error.code}` });
    this.#said.clear();
    this.#soon(error?.afterMs ?? 200);
  }
}
