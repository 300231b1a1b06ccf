// Rounds that run as long as there is something to do, and begin and end many times.

import { Rounds, type RoundsOptions } from '../../concurrency/rounds.ts';

export class WhileWanted {
  readonly #options: RoundsOptions;
  #rounds: Rounds | undefined;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#rounds !== undefined) return;
    this.#rounds = new Rounds(this.#options);
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    const ending = this.#rounds;
    this.#rounds = undefined;
    await ending?.stop();
  }
}
