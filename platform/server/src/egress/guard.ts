// Where outgoing calls may go: every URL is checked when it is saved, and again by the address that is
// dialled. Time and size of calls: egress.ts.

import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../ports/clock.ts';
import { createCheckAddress, type CheckAddress } from './check-address.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import { createGuardedDial, type Dial } from './guarded-dial.ts';
import { RefusedAddressError } from './guarded-lookup.ts';
import { checkUrlText } from './check-url-text.ts';
import { chooseAddresses, resolveBySystem, type Resolve } from './resolve-target.ts';

export type UrlVerdict = { ok: true } | { ok: false; reason: string };

export interface GuardOptions {
  /** As OUTBOUND_ALLOW has them. */
  allow: readonly string[];
  clock: Clock;
  resolve?: Resolve;
}

/** A name server that does not answer must not hold up a request that saves something. */
const resolveLimitMs = 2000;

/**
 * Idle connections to a service that is called often. Below the 5 s after which many servers close theirs.
 */
const keepAliveMs = 4000;
/**
 * Services that speak HTTP/2 keep idle connections for long, and some (Apple) take opening many for an attack.
 */
const http2KeepAliveMs = 60_000;
/** Origins that are known to speak HTTP/2. */
const mostOrigins = 10_000;

export class Guard {
  /** Opens one socket, for what is not HTTP. It is the caller's from then on. */
  readonly dial: Dial;
  readonly #clock: Clock;
  readonly #resolve: Resolve;
  readonly #checkAddress: CheckAddress;
  /** For origins that are not known to speak HTTP/2, and for those that are. */
  readonly #agent: Agent;
  readonly #http2Agent: Agent;
  readonly #http2Origins = new LRUCache<string, true>({ max: mostOrigins });

  constructor({ allow, clock, resolve = resolveBySystem }: GuardOptions) {
    const checkAddress = createCheckAddress(allow);
    this.#clock = clock;
    this.#resolve = resolve;
    this.#checkAddress = checkAddress;
    const connect = createGuardedConnect({ checkAddress, resolve }, (origin, isHttp2) => {
      if (isHttp2) this.#http2Origins.set(origin, true);
      else this.#http2Origins.delete(origin);
    });
    const agentOf = (idleMs: number) => new Agent({ connect, keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs });
    this.#agent = agentOf(keepAliveMs);
    this.#http2Agent = agentOf(http2KeepAliveMs);
    this.dial = createGuardedDial({ checkAddress, resolve });
  }

  /**
   * For the moment when a URL is saved. A name that cannot be resolved now is let through: the call itself is
   * checked again.
   */
  async checkUrl(text: string): Promise<UrlVerdict> {
    const checked = checkUrlText(text);
    if (!checked.ok || checked.host.kind === 'address') return this.checkUrlText(text);
    const addresses = await this.#resolveInTime(checked.host.name);
    return addresses === undefined ? { ok: true } : this.#verdictOf(addresses);
  }

  /** The same, as far as the text alone says: a name is let through. */
  checkUrlText(text: string): UrlVerdict {
    const checked = checkUrlText(text);
    if (!checked.ok) return checked;
    return checked.host.kind === 'address' ? this.#verdictOf([checked.host.address]) : { ok: true };
  }

  /**
   * Makes one request and follows no redirect. Rejects with RefusedAddressError where the address may not be
   * reached, else as `fetch`.
   */
  async call(url: URL, request: Omit<RequestInit, 'redirect' | 'dispatcher'>): Promise<Response> {
    const checked = checkUrlText(url.href);
    if (!checked.ok) throw new RefusedAddressError(`The URL ${checked.reason}`);
    // Refused at once, where the guard of the sockets would refuse it after a turn through the agent.
    const { host } = checked;
    const verdict = host.kind === 'address' ? this.#verdictOf([host.address]) : undefined;
    if (verdict?.ok === false) throw new RefusedAddressError(verdict.reason);
    try {
      // undici's own fetch: Node's has another version inside, which does not take this agent.
      const dispatcher = this.#http2Origins.has(url.origin) ? this.#http2Agent : this.#agent;
      return await fetch(url, { ...request, redirect: 'manual', dispatcher });
    } catch (error) {
      throw error instanceof Error && error.cause instanceof RefusedAddressError ? error.cause : error;
    }
  }

  /** Closes the idle connections it kept. */
  async close(): Promise<void> {
    await Promise.all([this.#agent.close(), this.#http2Agent.close()]);
  }

  #verdictOf(addresses: readonly string[]): UrlVerdict {
    const chosen = chooseAddresses(addresses, this.#checkAddress);
    return chosen.ok ? { ok: true } : chosen;
  }

  async #resolveInTime(name: string): Promise<readonly string[] | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = this.#clock.after(resolveLimitMs, () => late.resolve(undefined));
    try {
      return await Promise.race([this.#resolve(name).catch(() => undefined), late.promise]);
    } finally {
      timer.cancel();
    }
  }
}
