// Asks what a broadcast would do, a moment after it was changed last; an answer to what was asked before is
// dropped.
import { answerOf, api } from '#lib/api/client.ts';
import type { BroadcastExplanation } from '#lib/api/shapes.ts';
import { language } from '#lib/texts/language.svelte.ts';
import type { BroadcastBody } from './request.ts';

const askAfterMs = 400;

export class Explaining {
  readonly #app: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  answer: BroadcastExplanation | undefined = $state.raw();
  /** The request that the answer, or the error, is of. */
  of: BroadcastBody | undefined = $state.raw();
  error: unknown = $state.raw();
  isAsking = $state(false);

  constructor(app: string) {
    this.#app = app;
  }

  /** Undefined: there is nothing to ask about. */
  changed(request: BroadcastBody | undefined): void {
    this.stop();
    this.isAsking = request !== undefined;
    if (request === undefined) return;
    this.#timer = setTimeout(() => void this.ask(request), askAfterMs);
  }

  async ask(request: BroadcastBody): Promise<void> {
    this.stop();
    const asking = new AbortController();
    this.#asking = asking;
    this.isAsking = true;
    try {
      const params = { path: { app: this.#app }, query: { locale: language.current } };
      const { signal } = asking;
      const call = api.POST('/apps/{app}/broadcasts/explain', { params, body: request, signal });
      const answer = await answerOf(call);
      if (signal.aborted) return;
      this.answer = answer;
      this.error = undefined;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.answer = undefined;
      this.error = error;
    }
    this.of = request;
    this.isAsking = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.isAsking = false;
  }
}
