// A pretend phone of one person: a push target whose provider writes to the server's log, and the pushes it
// got.
import type { Belfry } from '@belfry/client';
import type { PlaygroundApi, ShownPush } from './api.ts';
import type { Reach } from './reach.ts';
import { Trouble } from './trouble.svelte.ts';

/** The log has no event for pages, so it is polled. */
const lookEveryMs = 1000;

interface PhoneOf {
  app: string;
  userId: string;
  belfry: Belfry;
  reach: Reach;
}

export class Phone {
  deviceId: string | undefined = $state();
  pushes: readonly ShownPush[] = $state.raw([]);
  isBusy = $state(false);
  readonly trouble: Trouble;
  readonly #api: PlaygroundApi;
  readonly #of: PhoneOf;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: PlaygroundApi, of: PhoneOf) {
    this.#api = api;
    this.#of = of;
    this.trouble = new Trouble(of.reach);
  }

  /** The phone of one person is always the same device, so none are left behind. */
  async give(): Promise<void> {
    const { userId, belfry } = this.#of;
    const body = { provider: 'logging', target: { playground: userId }, deviceType: 'mobile' };
    await this.#attempt(async () => {
      this.deviceId = (await belfry.http<{ deviceId: string }>('/devices', { method: 'POST', body })).deviceId;
      await this.#look();
    });
  }

  async takeAway(): Promise<void> {
    const { deviceId } = this;
    clearTimeout(this.#timer);
    this.deviceId = undefined;
    this.pushes = [];
    if (deviceId === undefined) return;
    await this.#attempt(() => this.#of.belfry.http(`/devices/${deviceId}`, { method: 'DELETE' }));
  }

  async #look(): Promise<void> {
    const { deviceId } = this;
    if (deviceId === undefined) return;
    try {
      const pushes = await this.#api.pushes(this.#of.app, deviceId);
      if (this.deviceId === deviceId) this.pushes = pushes.toReversed();
    } catch {
      // The server is away for a moment; the next poll finds it.
    }
    clearTimeout(this.#timer);
    if (this.deviceId !== undefined) this.#timer = setTimeout(() => void this.#look(), lookEveryMs);
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    this.isBusy = true;
    await this.trouble.attempt(work);
    this.isBusy = false;
  }
}
