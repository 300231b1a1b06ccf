// Keeps which clients of an app were refused lately and why, for the people of the app: of each sort one
// record with how many there were. In memory, of this node, bounded. Lines in the log: refused-clients.ts,
// tenancy/tokens.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenFinding } from '../tenancy/tokens/token-findings.ts';

export interface RefusedAttempt {
  /** Where it ended: before there was a socket, at `connect`, in a request, or at a command. */
  stage: 'upgrade' | 'connect' | 'http' | 'command';
  /** `origin_not_allowed`, `wrong_audience`, ...: what somebody may have to mend. */
  reason: string;
  /** What the client was told. */
  code: string;
  /** In words, for whoever mends it. */
  detail?: string | undefined;
  /** Of a token, the same by name and values. */
  found?: TokenFinding | undefined;
  origin?: string | undefined;
  page?: string | undefined;
  userAgent?: string | undefined;
  address?: string | undefined;
}

export interface Refusal extends RefusedAttempt {
  /** ms since the epoch, of the newest. */
  at: number;
  firstAt: number;
  count: number;
}

/** Of an app: sorts of refusals, so that one client that tries all day does not push the others out. */
const maxKept = 200;
const maxApps = 1000;
/** Of a text from outside, in characters. */
const maxChars = 300;

export class Refusals {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #apps = new LRUCache<AppId, LRUCache<string, Refusal>>({ max: maxApps });

  constructor({ clock }: { clock: Pick<Clock, 'now'> }) {
    this.#clock = clock;
  }

  /** Of an app that exists: names that anybody can make up would push out those that somebody looks for. */
  record(app: AppId, attempt: RefusedAttempt): void {
    const now = this.#clock.now();
    const kept = this.#keptOf(app);
    const { reason, origin, page } = attempt;
    const key = JSON.stringify([reason, cut(origin), cut(page)]);
    const { firstAt = now, count = 0 } = kept.get(key) ?? {};
    const { stage, code, detail, found, userAgent, address } = attempt;
    const texts = {
      ...{ detail: cut(detail), origin: cut(origin), page: cut(page) },
      ...{ userAgent: cut(userAgent), address: cut(address) },
      ...(found === undefined ? {} : { found: { what: found.what, values: cutAll(found.values) } }),
    };
    kept.set(key, { stage, reason, code, ...texts, at: now, firstAt, count: count + 1 });
  }

  /** The newest first. */
  list(app: AppId): readonly Refusal[] {
    return [...(this.#apps.get(app)?.values() ?? [])];
  }

  #keptOf(app: AppId): LRUCache<string, Refusal> {
    const known = this.#apps.get(app);
    if (known !== undefined) return known;
    const fresh = new LRUCache<string, Refusal>({ max: maxKept });
    this.#apps.set(app, fresh);
    return fresh;
  }
}

function cutAll(values: TokenFinding['values']): TokenFinding['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? (cut(value) ?? '') : value]),
  );
}

function cut(text: string | undefined): string | undefined {
  return text?.slice(0, maxChars).toWellFormed();
}
