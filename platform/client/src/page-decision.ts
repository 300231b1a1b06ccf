// What there shall be on a page: its policy, whether it is on, who is signed in, whether it connects by itself, in the order of the protocol. Doing it is page-lifecycle.ts's.
import type { Auth, Token } from './auth.ts';
import { messageOf } from './command-error.ts';
import type { Live } from './line.ts';
import type { Policies } from './policies.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export type Decision =
  | { status: 'disabled' | 'signed_out' | 'closed' }
  /** `token` is null for a visitor, and undefined where the connection that is there will do. */
  | { status: 'open'; token: Token | null | undefined };

export interface Wish {
  /** By hand, or by the policy's `autoConnect`. */
  wanted: 'auto' | 'connect' | 'disconnect';
  /** A close code said to stay away. */
  barred: 'signed_out' | 'closed' | undefined;
  /** Who is connected is to be asked anew. */
  mustAskToken: boolean;
}

export interface PageDecision {
  /** Undefined when another decision has begun meanwhile. Rejects when policies or token cannot be had. */
  decide(wish: () => Wish, isCurrent: () => boolean): Promise<Decision | undefined>;
  /** Before the next decision the policies are read: if they can be had (`soon`), or not decided without them (`first`). */
  distrust(how: 'soon' | 'first'): void;
  mustRead(): 'no' | 'soon' | 'first';
}

export interface PageDecisionDeps {
  policies: Policies;
  auth: Pick<Auth, 'token'>;
  live: () => Live | undefined;
  store: SnapshotStore;
}

/** Policies kept from an earlier visit are waited for this long to be confirmed, ms. */
const confirmWithinMs = 3000;

export function createPageDecision({ policies, auth, live: liveNow, store }: PageDecisionDeps): PageDecision {
  let mustRead: 'no' | 'soon' | 'first' = 'soon';
  /** Why they could not be read the last time. */
  let told: string | undefined;

  async function readPolicies(): Promise<void> {
    const isOptional = mustRead === 'soon' && policies.resolve('/') !== undefined;
    try {
      await policies.read(isOptional ? confirmWithinMs : undefined);
      mustRead = 'no';
      if (store.get().lastError === told) store.set({ lastError: undefined });
    } catch (error) {
      told = messageOf(error);
      if (!isOptional) throw error;
      store.set({ lastError: told });
    }
  }

  return {
    async decide(wish, isCurrent) {
      if (mustRead !== 'no') await readPolicies();
      if (!isCurrent()) return undefined;
      const policy = policies.resolve(store.get().page);
      if (policy === undefined) throw new Error('The page policies could not be read.');
      store.set({ policy });
      if (!policy.enabled) return { status: 'disabled' };
      const { wanted, barred, mustAskToken } = wish();
      if (wanted === 'disconnect') return { status: 'closed' };
      if (barred !== undefined) return { status: barred };
      const live = liveNow();
      // Whoever is connected moves without being asked for a token again.
      const isKnown = live !== undefined && !mustAskToken && !live.isLeaving && !(live.isVisitor && policy.requireAuth);
      const token = isKnown ? undefined : await auth.token('connect');
      if (!isCurrent()) return undefined;
      if (token === null && policy.requireAuth) return { status: 'signed_out' };
      if (!policy.autoConnect && wanted !== 'connect') return { status: 'closed' };
      return { status: 'open', token };
    },
    distrust(how) {
      if (mustRead !== 'first') mustRead = how;
    },
    mustRead: () => mustRead,
  };
}
