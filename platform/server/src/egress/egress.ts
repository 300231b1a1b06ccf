// The one guard of outgoing calls: every URL that a tenant or a user gave is judged when it is saved, and again by the address that is dialled. Bounds of time and size are its callers'.

import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { Clock } from '../ports/clock.ts';
import { createCheckAddress } from './check-address.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import { createGuardedDial, type Dial } from './guarded-dial.ts';
import { RefusedAddressError } from './guarded-lookup.ts';
import { checkUrlText } from './check-url-text.ts';
import { chooseAddresses, resolveBySystem, type Resolve } from './resolve-target.ts';

export type UrlVerdict = { ok: true } | { ok: false; reason: string };

export interface Egress {
  /** For the moment when a URL is saved. A name that cannot be resolved now is let through: the call itself is judged again. */
  checkUrl: (text: string) => Promise<UrlVerdict>;
  /** The same, as far as it can be told from the text: a name is let through. */
  checkUrlText(text: string): UrlVerdict;
  /** Makes one request and follows no redirect. Rejects with RefusedAddressError where the address may not be reached, else as `fetch`. */
  call: (url: URL, request: Omit<RequestInit, 'redirect' | 'dispatcher'>) => Promise<Response>;
  /** Opens one socket, for what is not HTTP. It is the caller's from then on. */
  dial: Dial;
  /** Closes the idle connections it kept. */
  close(): Promise<void>;
}

/** A name server that does not answer may not hold up who saves something. */
const resolveLimitMs = 2000;

/** Idle connections to a service that is called often. Below the 5 s after which many servers close theirs. */
const keepAliveMs = 4000;

export function createEgress(deps: {
  /** As OUTBOUND_ALLOW has them. */
  allow: readonly string[];
  clock: Clock;
  resolve?: Resolve;
}): Egress {
  const { allow, clock, resolve = resolveBySystem } = deps;
  const judge = createCheckAddress(allow);
  const agent = new Agent({
    connect: createGuardedConnect({ judge, resolve }),
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
  });

  function judgeUrlText(text: string): UrlVerdict {
    const judged = checkUrlText(text);
    if (!judged.ok) return judged;
    return judged.host.kind === 'address' ? ofAddresses([judged.host.address]) : { ok: true };
  }

  async function judgeUrl(text: string): Promise<UrlVerdict> {
    const judged = checkUrlText(text);
    if (!judged.ok || judged.host.kind === 'address') return judgeUrlText(text);
    const addresses = await resolveInTime(judged.host.name);
    return addresses === undefined ? { ok: true } : ofAddresses(addresses);
  }

  function ofAddresses(addresses: readonly string[]): UrlVerdict {
    const chosen = chooseAddresses(addresses, judge);
    return chosen.ok ? { ok: true } : chosen;
  }

  async function resolveInTime(name: string): Promise<readonly string[] | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = clock.after(resolveLimitMs, () => late.resolve(undefined));
    try {
      return await Promise.race([resolve(name).catch(() => undefined), late.promise]);
    } finally {
      timer.cancel();
    }
  }

  return {
    checkUrl: judgeUrl,
    checkUrlText: judgeUrlText,
    async call(url, request) {
      const judged = checkUrlText(url.href);
      if (!judged.ok) throw new RefusedAddressError(`The URL ${judged.reason}`);
      // Told at once, where the guard of the sockets would tell it after a turn through the agent.
      const { host } = judged;
      const verdict = host.kind === 'address' ? ofAddresses([host.address]) : undefined;
      if (verdict?.ok === false) throw new RefusedAddressError(verdict.reason);
      try {
        // undici's own fetch: Node's has another version inside, which does not take this agent.
        return await fetch(url, { ...request, redirect: 'manual', dispatcher: agent });
      } catch (error) {
        throw error instanceof Error && error.cause instanceof RefusedAddressError ? error.cause : error;
      }
    },
    dial: createGuardedDial({ judge, resolve }),
    close: () => agent.close(),
  };
}
