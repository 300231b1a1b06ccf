// Sends a broadcast to the number of recipients that was seen. What is tried again after no answer came is the same
// broadcast.
import { answerOf, api, newKey } from '#lib/api/client.ts';
import { asProblem } from '#lib/api/problem.ts';
import type { BroadcastBody } from './request.ts';

export interface Sent {
  id: string;
  recipients: number;
  request: BroadcastBody;
}

export class Sending {
  readonly #app: string;
  #key: { of: BroadcastBody; headers: ReturnType<typeof newKey> } | undefined;
  isBusy = $state(false);
  /** The number of recipients was another by then. */
  isChanged = $state(false);
  error: unknown = $state.raw();

  constructor(app: string) {
    this.#app = app;
  }

  /** Undefined where it was not sent. */
  async send(request: BroadcastBody, expected: number): Promise<Sent | undefined> {
    if (this.#key?.of !== request) this.#key = { of: request, headers: newKey() };
    this.isBusy = true;
    this.isChanged = false;
    this.error = undefined;
    try {
      const params = { path: { app: this.#app } };
      const body = { broadcast: request, expected };
      const sent = await answerOf(api.POST('/apps/{app}/broadcasts', { params, headers: this.#key.headers, body }));
      this.#key = undefined;
      return { id: sent.id, recipients: sent.recipients, request };
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.isPassing) this.#key = undefined;
      if (problem.code === 'impact_changed') this.isChanged = true;
      else this.error = error;
      return undefined;
    } finally {
      this.isBusy = false;
    }
  }

  clear(): void {
    this.error = undefined;
    this.isChanged = false;
  }
}
