// The one way out: HTTP calls and sockets to addresses that a tenant or a user gave, guarded and bounded.
// Made once; what is said over it is its callers'.

import type { Socket } from 'node:net';
import type { PluginResponse } from '@belfry/plugin-kit';
import { Guard, type GuardOptions, type UrlVerdict } from './guard.ts';
import { createLimitedConnect, type LimitedConnect, type LimitedTarget } from './limited-connect.ts';
import { createLimitedFetch, type LimitedFetch, type LimitedRequest } from './limited-fetch.ts';

export class Egress {
  readonly #guard: Guard;
  readonly #fetch: LimitedFetch;
  readonly #connect: LimitedConnect;

  constructor(options: GuardOptions) {
    const { clock } = options;
    const guard = new Guard(options);
    this.#guard = guard;
    this.#fetch = createLimitedFetch({ clock, call: (url, request) => guard.call(url, request) });
    this.#connect = createLimitedConnect({ clock, dial: guard.dial });
  }

  /**
   * One call within `limitMs`, without redirects, the answer cut at 64 KiB. Rejects with RefusedAddressError
   * for an address that may not be reached.
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
