// The one way out: HTTP calls and sockets to addresses that a tenant or a user gave, guarded and bounded.
// Made once; what is said over it is its callers'.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { PluginResponse } from '@belfry/plugin-kit';
import { FairPool } from '../concurrency/fair-pool.ts';
import type { Metrics } from '../ports/metrics.ts';
import { Guard, type GuardOptions, type UrlVerdict } from './guard.ts';
import { createLimitedConnect, type LimitedConnect, type LimitedTarget } from './limited-connect.ts';
import { createLimitedFetch, type InTurn, type LimitedFetch, type LimitedRequest } from './limited-fetch.ts';
import { resolveBySystem } from './resolve-target.ts';

export interface EgressOptions extends GuardOptions {
  limits: { outgoingCallsAtOnce: number; outgoingCallsWaiting: number; lookupsAtOnce: number };
  metrics?: Pick<Metrics, 'count' | 'set' | 'onCollect'> | undefined;
}

export class Egress {
  readonly #guard: Guard;
  readonly #fetch: LimitedFetch;
  readonly #connect: LimitedConnect;
  /** The call that is made: a name is looked up far below, where nobody says for whom. */
  readonly #call = new AsyncLocalStorage<{ app: string; signal: AbortSignal }>();

  constructor(options: EgressOptions) {
    const { clock, limits, metrics, resolve = resolveBySystem } = options;
    const { outgoingCallsAtOnce: running, outgoingCallsWaiting: waiting, lookupsAtOnce } = limits;
    const calls = new FairPool({ name: 'outgoing_calls', running, waiting, metrics });
    // The system looks up few names at once, and one whose name server is silent keeps its place for many
    // seconds.
    const lookups = new FairPool({ name: 'lookups', running: lookupsAtOnce, waiting, metrics });
    const guard = new Guard({
      ...options,
      resolve: (name) =>
        lookups.run({ ...(this.#call.getStore() ?? { app: '' }), user: name }, async () => await resolve(name)),
    });
    const inTurn: InTurn = (turn, run) => calls.run(turn, () => this.#call.run(turn, run));
    this.#guard = guard;
    this.#fetch = createLimitedFetch({ clock, call: (url, request) => guard.call(url, request), inTurn });
    this.#connect = createLimitedConnect({ clock, dial: guard.dial, inTurn });
  }

  /**
   * One call within `limitMs`, without redirects, the answer cut at 64 KiB. Rejects with RefusedAddressError
   * for an address that may not be reached, and with `overloaded` when too many calls of the app wait.
   */
  fetch(url: string | URL, request: LimitedRequest): Promise<PluginResponse> {
    return this.#fetch(url, request);
  }

  /** One socket for what is not HTTP, connected within `limitMs`. Rejects as `fetch`. */
  connect(target: LimitedTarget): Promise<Socket> {
    return this.#connect(target);
  }

  /**
   * For the moment when a URL is saved. A name that cannot be resolved now is let through: the call itself is
   * checked again.
   */
  checkUrl(text: string): Promise<UrlVerdict> {
    return this.#guard.checkUrl(text);
  }

  /** The same, as far as the text alone says: a name is let through. */
  checkUrlText(text: string): UrlVerdict {
    return this.#guard.checkUrlText(text);
  }

  /** Closes the idle connections it kept. */
  close(): Promise<void> {
    return this.#guard.close();
  }
}
