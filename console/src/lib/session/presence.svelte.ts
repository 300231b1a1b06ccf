// Whether the server answers: said once at the top of the page, for as long as it does not, and asked about
// every few seconds until it does. What waits meanwhile: ui/button.svelte and api/client.ts.

const askAgainMs = 3000;

class ServerPresence {
  #awaySince = $state<number | undefined>();
  #lastAnswer = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  /** How far the server's clock is ahead of this one, at least: its answers say whole seconds, and were on their way. */
  #aheadMs: number | undefined;
  /** Set by what can ask. */
  ask: () => Promise<unknown> = async () => undefined;

  get isAway(): boolean {
    return this.#awaySince !== undefined;
  }

  get lastAnswer(): number {
    return this.#lastAnswer;
  }

  /** `date`: of its header. */
  answered(date: string | null = null): void {
    this.#lastAnswer = Date.now();
    this.#awaySince = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    const aheadMs = Date.parse(date ?? '') - this.#lastAnswer;
    if (!Number.isNaN(aheadMs)) this.#aheadMs = Math.max(aheadMs, this.#aheadMs ?? aheadMs);
  }

  /** `sentAt`: when it was asked for what did not come. An answer since then says more. */
  missed(sentAt = Date.now()): void {
    if (sentAt < this.#lastAnswer) return;
    this.#awaySince ??= Date.now();
    this.#timer ??= setInterval(() => void this.ask().catch(() => undefined), askAgainMs);
  }

  /** A moment of this clock as the server has it, or a little earlier. */
  serverTime(at: number): Date {
    return new Date(at + (this.#aheadMs ?? 0));
  }
}

export const presence = new ServerPresence();
