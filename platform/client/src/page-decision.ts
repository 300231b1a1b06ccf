// Decides what there shall be on a page, by its policy, the user who is signed in and the wish of the
// application, in the order of the protocol. Doing it: page-lifecycle.ts.
import type { Auth, Token } from './auth.ts';
import { failure } from './connection.ts';
import { withCode } from './command-error.ts';
import type { Line } from './line.ts';
import type { Policies } from './policies.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { BelfrySnapshot } from './types.ts';

export type Decision =
  | 'disabled'
  | 'signed_out'
  | 'closed'
  /** There is to be a connection. Null: a visitor's; undefined: the one that is there will do. */
  | { token: Token | null | undefined };

/** A close code said to stay away: until another page, or until somebody else may be signed in. */
export interface Bar {
  status: 'signed_out' | 'closed';
  until: 'page' | 'user';
}

export interface PageDecisionDeps {
  policies: Pick<Policies, 'read' | 'resolve'>;
  auth: Pick<Auth, 'token'>;
  line: Pick<Line, 'live'>;
  store: SnapshotStore;
}

/** Policies kept from an earlier visit are waited for this long to be confirmed, ms. */
const confirmWithinMs = 3000;

/**
 * Its public fields are what is known of the page beside policies and token; whoever sets one has to decide
 * anew.
 */
export class PageDecision {
  /** By hand, or by the policy's `autoConnect`. */
  wanted: 'auto' | 'connect' | 'disconnect' = 'auto';
  bar: Bar | undefined;
  /** The token of the user is to be asked for anew. */
  mustAskToken = false;
  readonly #deps: PageDecisionDeps;
  #mustRead: 'no' | 'soon' | 'first' = 'soon';
  /** Why the policies could not be read the last time. */
  #readError: BelfrySnapshot['lastError'];

  constructor(deps: PageDecisionDeps) {
    this.#deps = deps;
  }

  /**
   * Undefined when another decision has begun meanwhile. Rejects when policies cannot be had, with a
   * `CommandError`, or the token, with what `getToken` said.
   */
  async decide(isCurrent: () => boolean): Promise<Decision | undefined> {
    const { policies, auth, line, store } = this.#deps;
    if (this.#mustRead !== 'no') await this.#readPolicies();
    if (!isCurrent()) return undefined;
    const policy = policies.resolve(store.get().page);
    if (!policy) throw failure('connection_lost');
    store.set({ policy });
    if (!policy.enabled) return 'disabled';
    if (this.wanted === 'disconnect') return 'closed';
    if (this.bar) return this.bar.status;
    const live = line.live();
    // A user who is connected moves without being asked for a token again.
    const isKnown = live && !this.mustAskToken && !live.isLeaving && !(live.isVisitor && policy.requireAuth);
    const token = isKnown ? undefined : await auth.token('connect');
    if (!isCurrent()) return undefined;
    if (token === null && policy.requireAuth) return 'signed_out';
    if (!policy.autoConnect && this.wanted !== 'connect') return 'closed';
    return { token };
  }

  /**
   * Before the next decision the policies are read: if they can be had (`soon`), or not decided without them
   * (`first`).
   */
  distrust(how: 'soon' | 'first'): void {
    if (this.#mustRead !== 'first') this.#mustRead = how;
  }

  /** Whether nothing is decided before the policies were read. */
  mustReadFirst(): boolean {
    return this.#mustRead === 'first';
  }

  async #readPolicies(): Promise<void> {
    const { policies, store } = this.#deps;
    const isOptional = this.#mustRead === 'soon' && policies.resolve('/') !== undefined;
    try {
      await policies.read(isOptional ? confirmWithinMs : undefined);
      this.#mustRead = 'no';
      if (store.get().lastError === this.#readError) store.set({ lastError: undefined });
    } catch (error) {
      const lastError = withCode(error);
      this.#readError = lastError;
      if (!isOptional || lastError.retry === 'never') throw lastError;
      store.set({ lastError });
    }
  }
}
