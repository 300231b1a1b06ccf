// The life of a page: from its policy to a connection, to the next one after it, and to none where there shall be none. `reconcile` brings what is in line with what is wanted.
import type { CommandAnswer, ServerEvent, WirePagePolicy } from '@belfry/protocol';
import type { Auth, Token } from './auth.ts';
import { messageOf } from './command-error.ts';
import type { Close } from './connection.ts';
import { isOf, type Line, type Live } from './line.ts';
import type { PageDecision, Wish } from './page-decision.ts';
import type { Policies } from './policies.ts';
import { judgeClose, probeDelayMs, type Reconnect } from './reconnect.ts';
import { isObject } from './serializer.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { BelfrySnapshot, ConnectionStatus, Surroundings } from './types.ts';

export interface PageLifecycle {
  start(): void;
  stop(): void;
  connect: () => void;
  disconnect: () => void;
  /** The page is another one. */
  moveTo(page: string): void;
  signedIn(): void;
  signedOut(): void;
  /** A fresh token took the place of the one in use; null: nobody is signed in any more. */
  renewed(token: Token | null): void;
  /** The network may be back, or somebody looks again: no reason to wait any longer. */
  wake(): void;
  /** Into the back-forward cache, and out of it. */
  hide(): void;
  show(): void;
  connected(answer: CommandAnswer<'connect'>): void;
  lost(close: Close, live: Live | undefined): void;
  /** Those about the connection itself; any other is none of its business. */
  heed(event: ServerEvent): void;
}

export interface PageLifecycleDeps {
  surroundings: Pick<Surroundings, 'clock' | 'random' | 'isVisible'>;
  policies: Policies;
  decision: PageDecision;
  auth: Auth;
  reconnect: Reconnect;
  line: Line;
  store: SnapshotStore;
  /** Nobody is signed in any more: what was known of the user is forgotten. */
  forgetUser: () => void;
}

/** Longer than this in use, ms, and an end says nothing about the next attempt. */
const steadyMs = 30_000;
/** Policies older than this are read again when somebody comes back to the page, ms. */
const staleAfterMs = 60_000;
/** Beside the time the server says, so that clients sent away together do not come back together, ms. */
const goawayJitterMs = 1000;

export function createPageLifecycle(deps: PageLifecycleDeps): PageLifecycle {
  const { surroundings, policies, decision, auth, reconnect, line, store, forgetUser } = deps;
  const { clock, random } = surroundings;
  let phase: 'new' | 'running' | 'hidden' | 'stopped' = 'new';
  let wanted: 'auto' | 'connect' | 'disconnect' = 'auto';
  /** A close code said to stay away. */
  let barred: { status: 'signed_out' | 'closed'; until: 'page' | 'user' } | undefined;
  let mustAskToken = false;
  /** Attempts without a wait since there was a connection, as after a 4501. */
  let promptTries = 0;
  /** Looks since the page was closed under a reader: it may come back, and nobody else would tell. */
  let looks: number | undefined;
  /** Whichever reconcile began last counts. */
  let turn = 0;

  function reconcile(): void {
    turn += 1;
    const mine = turn;
    reconnect.cancel();
    if (phase !== 'running') return;
    const isCurrent = (): boolean => mine === turn;
    const wish = (): Wish => ({ wanted, barred: barred?.status, mustAskToken });
    decision.decide(wish, isCurrent).then(
      (decided) => {
        if (!isCurrent() || decided === undefined) return;
        if (decided.status === 'open') online(decided.token);
        else settle(decided.status);
      },
      (error: unknown) => {
        if (isCurrent()) failed(messageOf(error));
      },
    );
  }

  /** There is to be a connection of this token: undefined where the one there is needs none. */
  function online(token: Token | null | undefined): void {
    mustAskToken = false;
    const live = line.live();
    if (live !== undefined && !live.isLeaving) {
      if (token === undefined || isOf(live, token)) {
        // It was not known any more who it is, since `signedIn`.
        store.set({ userId: live.userId });
        line.tell({ page: store.get().page, token: token?.text }, heedPolicy);
        return;
      }
      line.close();
    }
    const opening = line.opening();
    if (opening !== undefined && opening.token === token?.text) return;
    if (line.live() === undefined) {
      const { status } = store.get();
      const isFirst = status !== 'reconnecting' && status !== 'offline' && status !== 'connected';
      // A probe that finds nothing should not make a page flicker.
      const next = isFirst ? 'connecting' : reconnect.isUsedUp() ? 'offline' : 'reconnecting';
      store.set({ status: next, attempt: reconnect.failures + 1, retryAt: undefined });
    }
    line.open({ token: token?.text, userId: token?.userId, timeoutMs: policies.settings().connectionTimeoutMs });
  }

  function settle(status: 'disabled' | 'signed_out' | 'closed'): void {
    line.close();
    reconnect.reset();
    unconnected(status, { attempt: 0, retryAt: undefined });
    if (status !== 'disabled' || looks === undefined) return;
    reconnect.wait(probeDelayMs(random(), looks), () => {
      looks = (looks ?? 0) + 1;
      // While nobody looks it can wait: `wake` reads them when somebody does.
      if (surroundings.isVisible()) decision.distrust('soon');
      reconcile();
    });
  }

  /** An attempt came to nothing, or the connection is gone: the next one by the reconnect. */
  function failed(reason: string | undefined, afterMs = 0): void {
    // A decision that is still under way would be a second attempt.
    turn += 1;
    reconnect.again(reconcile, afterMs);
    if (reason !== undefined) store.set({ lastError: reason });
    if (reconnect.isUsedUp()) decision.distrust('soon');
    if (line.live() !== undefined) return;
    const isClosedUnder = decision.mustRead() === 'first' && store.get().status === 'disabled';
    const status = isClosedUnder ? 'disabled' : reconnect.isUsedUp() ? 'offline' : 'reconnecting';
    unconnected(status, { attempt: reconnect.failures, retryAt: reconnect.dueAt() });
  }

  function lost({ code, reason, error }: Close, live: Live | undefined): void {
    store.set({ lastClose: { code, reason } });
    const verdict = judgeClose(code);
    if (live !== undefined && (verdict.isNetwork === true || clock.now() - live.since >= steadyMs)) reconnect.reset();
    const said = error?.message ?? reason;
    if (verdict.do === 'come_back') {
      // Another one is under way, as after `goaway`.
      if (live?.isLeaving === true && (reconnect.dueAt() !== undefined || line.opening() !== undefined))
        unconnected('reconnecting', { retryAt: reconnect.dueAt() });
      else failed(error?.message, error?.afterMs);
    } else if (verdict.do === 'fresh_token') {
      auth.invalidate();
      mustAskToken = true;
      // The page may need a token since a change that we were not told of.
      decision.distrust('soon');
      if (code === 4501 && promptTries > 0) bar('closed', 'user', said);
      else promptly('reconnecting', error?.message);
    } else if (verdict.do === 'read_policies') {
      decision.distrust('first');
      looks ??= 0;
      promptly('disabled', error?.message);
    } else if (verdict.do === 'signed_out') {
      auth.invalidate();
      bar('signed_out', 'user', undefined);
    } else {
      bar('closed', 'page', said);
    }
  }

  /** Without waiting, once; after that by the reconnect. */
  function promptly(status: ConnectionStatus, reason: string | undefined): void {
    unconnected(status);
    promptTries += 1;
    if (promptTries > 1) failed(reason);
    else reconcile();
  }

  function bar(status: 'signed_out' | 'closed', until: 'page' | 'user', reason: string | undefined): void {
    barred = { status, until };
    unconnected(status, reason === undefined ? {} : { lastError: reason });
    reconcile();
  }

  /** The policy that the server says this page has now. */
  function heedPolicy(policy: WirePagePolicy): void {
    store.set({ policy });
    if (policy.enabled) return;
    looks ??= 0;
    decision.distrust('first');
    line.close();
    unconnected('disabled');
    reconcile();
  }

  function unconnected(status: ConnectionStatus, change: Partial<BelfrySnapshot> = {}): void {
    store.set({ status, connectionId: undefined, ...change });
  }

  /** Somebody gives reason to begin anew. */
  function anew(): void {
    reconnect.reset();
    promptTries = 0;
    reconcile();
  }

  return {
    start() {
      if (phase !== 'new') return;
      phase = 'running';
      reconcile();
    },
    stop() {
      phase = 'stopped';
      turn += 1;
      reconnect.cancel();
      line.close();
      unconnected('closed', { attempt: 0, retryAt: undefined });
    },
    connect() {
      wanted = 'connect';
      if (barred !== undefined) mustAskToken = true;
      barred = undefined;
      // Asked for again, a page that was off may be on.
      if (store.get().status === 'disabled') decision.distrust('soon');
      anew();
    },
    disconnect() {
      wanted = 'disconnect';
      turn += 1;
      reconnect.cancel();
      const { status } = store.get();
      if (status !== 'disabled' && status !== 'signed_out') settle('closed');
    },
    moveTo(page) {
      wanted = 'auto';
      looks = undefined;
      if (barred?.until === 'page') barred = undefined;
      store.set({ page });
      anew();
    },
    signedIn() {
      auth.signedIn();
      store.set({ userId: undefined });
      barred = undefined;
      mustAskToken = true;
      anew();
    },
    signedOut() {
      auth.signOut();
      barred = undefined;
      line.close();
      forgetUser();
      unconnected('closed', { userId: undefined });
      anew();
    },
    renewed(token) {
      const live = line.live();
      if (live === undefined) return;
      if (token !== null && isOf(live, token)) {
        line.tell({ page: live.page, token: token.text }, heedPolicy);
      } else {
        mustAskToken = true;
        reconcile();
      }
    },
    wake() {
      const { status } = store.get();
      if (line.live() !== undefined) {
        line.beat();
      } else if (status === 'reconnecting' || status === 'offline') {
        anew();
      } else if (status !== 'connecting' && policies.ageMs() >= staleAfterMs) {
        decision.distrust('soon');
        reconcile();
      }
    },
    hide() {
      if (phase !== 'running') return;
      phase = 'hidden';
      turn += 1;
      reconnect.cancel();
      line.close();
      store.set({ connectionId: undefined });
    },
    show() {
      if (phase !== 'hidden') return;
      phase = 'running';
      decision.distrust('soon');
      if (store.get().status === 'connected') store.set({ status: 'reconnecting' });
      anew();
    },
    connected({ page, connectionId, userId }) {
      promptTries = 0;
      looks = undefined;
      reconnect.cancel();
      const { syncSignal } = store.get();
      store.set({
        status: 'connected',
        policy: page,
        connectionId,
        userId,
        attempt: 0,
        retryAt: undefined,
        lastError: undefined,
        syncSignal: syncSignal + 1,
      });
      // The page may have moved while the answer was under way.
      if (line.live()?.page !== store.get().page) reconcile();
    },
    lost,
    heed({ action, data, timestamp }) {
      const live = line.live();
      if (action === 'page_config_changed') {
        decision.distrust('soon');
        if (isObject(data['page'])) heedPolicy(data['page'] as unknown as WirePagePolicy);
      } else if (action === 'auth_expiring') {
        auth.expiring(Date.parse(String(data['expiresAt'])) - Date.parse(timestamp));
      } else if (action === 'goaway' && live !== undefined) {
        live.isLeaving = true;
        reconnect.wait((Number(data['reconnectAfterMs']) || 0) + random() * goawayJitterMs, reconcile);
      }
    },
  };
}
