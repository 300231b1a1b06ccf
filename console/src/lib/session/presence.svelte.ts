// Whether the server answers: said once at the top of the page, for as long as it does not, and asked about
// every few seconds until it does.

const askAgainMs = 3000;

class ServerPresence {
  #awaySince = $state<number | undefined>();
  #lastAnswer = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Set by what can ask. */
  ask: () => Promise<unknown> = async () => undefined;

  get isAway(): boolean {
    return this.#awaySince !== undefined;
  }

  get lastAnswer(): number {
    return this.#lastAnswer;
  }

  answered(): void {
    this.#lastAnswer = Date.now();
    this.#awaySince = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  missed(): void {
    this.#awaySince ??= Date.now();
    this.#timer ??= setInterval(() => void this.ask().catch(() => undefined), askAgainMs);
  }
}

export const presence = new ServerPresence();
