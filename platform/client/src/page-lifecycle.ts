// The life of a page: from its policy to a connection, to the next one after it, and to none where there shall be none. `reconcile` brings what is in line with what is wanted.
import type { CommandAnswer, ServerEvent, WirePagePolicy } from '@belfry/protocol';
import type { Auth, Token } from './auth.ts';
import type { Close } from './connection.ts';
import type { Line, Live } from './line.ts';
import type { Policies } from './policies.ts';
import { judgeClose, probeDelayMs, type ReconnectSchedule } from './reconnect.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { ConnectionStatus, Surroundings } from './types.ts';

export interface PageLifecycle {
  start(): void;
  stop(): void;
  connect(): void;
  disconnect(): void;
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
  auth: Auth;
  schedule: ReconnectSchedule;
  line: Line;
  store: SnapshotStore;
  /** Nobody is signed in any more: what was known of the user is forgotten. */
  forgetUser: () => void;
}

/** Longer than this in use, ms, and an end says nothing about the next attempt. */
const steadyMs = 30_000;
/** Policies kept from an earlier visit are waited for this long to be confirmed, ms. */
const confirmWithinMs = 3000;
/** Policies older than this are read again when somebody comes back to the page, ms. */
const staleAfterMs = 60_000;
/** Beside the time the server says, so that clients sent away together do not come back together, ms. */
const goawayJitterMs = 1000;

type Decision = { status: 'disabled' | 'signed_out' | 'closed' } | { status: 'open'; token: Token | null | undefined };

export function createPageLifecycle(deps: PageLifecycleDeps): PageLifecycle {
  const { surroundings, policies, auth, schedule, line, store, forgetUser } = deps;
  const { clock, random } = surroundings;
  let phase: 'new' | 'running' | 'hidden' | 'stopped' = 'new';
  let wanted: 'auto' | 'connect' | 'disconnect' = 'auto';
  /** A close code said to stay away. */
  let barred: { status: 'signed_out' | 'closed'; until: 'page' | 'user' } | undefined;
  /** Before anything else: the policies, if they can be had (`soon`), or nothing without them (`first`). */
  let mustRead: 'no' | 'soon' | 'first' = 'soon';
  let mustAskToken = false;
  /** Attempts without a wait since there was a connection, as after a 4501. */
  let promptTries = 0;
  /** The page was closed under a reader: it may come back, and nobody else would tell. */
  let isWatching = false;
  /** Whichever reconcile began last counts. */
  let turn = 0;
  let timer: { cancel: () => void; dueAt: number } | undefined;

  function reconcile(): void {
    turn += 1;
    const mine = turn;
    cancelTimer();
    if (phase !== 'running') return;
    const isCurrent = (): boolean => mine === turn;
    decide(isCurrent).then(
      (decision) => {
        if (isCurrent() && decision !== undefined) act(decision);
      },
      (error: unknown) => {
        if (isCurrent()) failed(messageOf(error));
      },
    );
  }

  /** In the order of the protocol: policy, enabled, signed in, autoConnect. Undefined when it was overtaken. */
  async function decide(isCurrent: () => boolean): Promise<Decision | undefined> {
    if (mustRead !== 'no') await readPolicies();
    if (!isCurrent()) return undefined;
    const policy = policies.resolve(store.get().page);
    if (policy === undefined) throw new Error('The page policies could not be read.');
    store.set({ policy });
    if (!policy.enabled) return { status: 'disabled' };
    if (wanted === 'disconnect') return { status: 'closed' };
    if (barred !== undefined) return { status: barred.status };
    const live = line.live();
    // Whoever is connected moves without being asked for a token again.
    const isKnown = live !== undefined && !mustAskToken && !(live.isVisitor && policy.requireAuth) && !live.isLeaving;
    const token = isKnown ? undefined : await auth.token('connect');
    if (!isCurrent()) return undefined;
    if (token === null && policy.requireAuth) return { status: 'signed_out' };
    if (!policy.autoConnect && wanted !== 'connect') return { status: 'closed' };
    return { status: 'open', token };
  }

  async function readPolicies(): Promise<void> {
    const isOptional = mustRead === 'soon' && policies.resolve('/') !== undefined;
    try {
      await policies.read(isOptional ? confirmWithinMs : undefined);
      mustRead = 'no';
      store.set({ lastError: undefined });
    } catch (error) {
      if (!isOptional) throw error;
      store.set({ lastError: messageOf(error) });
    }
  }

  function act(decision: Decision): void {
    if (decision.status !== 'open') return settle(decision.status);
    const { token } = decision;
    const live = line.live();
    if (live !== undefined && !live.isLeaving) {
      if (token === undefined || isOf(live, token)) return stay(live, token);
      line.close();
    }
    mustAskToken = false;
    const { status } = store.get();
    if (line.live() === undefined) {
      const isFirst = status !== 'reconnecting' && status !== 'offline' && status !== 'connected';
      // A probe that finds nothing should not make a page flicker.
      const next = isFirst ? 'connecting' : schedule.isUsedUp() ? 'offline' : 'reconnecting';
      store.set({ status: next, attempt: schedule.failures + 1, retryAt: undefined });
    }
    line.open({
      token: token?.text,
      userId: token?.userId,
      timeoutMs: policies.settings().connectionTimeoutMs,
    });
  }

  /** The connection stays, and is told what is new: the page, a token. */
  function stay(live: Live, token: Token | null | undefined): void {
    mustAskToken = false;
    if (token !== undefined && token !== null && !live.isVisitor) renewOn(live, token);
    const { page } = store.get();
    if (live.page === page) return;
    live.page = page;
    live.connection.command('page', { page }).then(
      ({ page: policy }) => {
        if (line.live() === live && live.page === page) heedPolicy(policy);
      },
      (error: unknown) => {
        // Connecting anew says the page as well. A connection that was lost does so by itself.
        if (line.live() === live && live.page === page) live.connection.lose(messageOf(error));
      },
    );
  }

  function renewOn(live: Live, { text: token }: Token): void {
    // Refused, the connection ends with the token it has, and the next one has another.
    live.connection.command('auth', { token }).catch((error: unknown) => store.set({ lastError: messageOf(error) }));
  }

  function settle(status: 'disabled' | 'signed_out' | 'closed'): void {
    line.close();
    schedule.reset();
    store.set({ status, connectionId: undefined, attempt: 0, retryAt: undefined });
    if (status !== 'disabled' || !isWatching) return;
    setTimer(probeDelayMs(random()), () => {
      // While nobody looks it can wait: `wake` reads them when somebody does.
      if (surroundings.isVisible()) mustRead = 'soon';
      reconcile();
    });
  }

  /** An attempt came to nothing, or the connection is gone: the next one by the schedule. */
  function failed(reason: string | undefined, afterMs = 0): void {
    const { delayMs, isProbe } = schedule.next();
    if (reason !== undefined) store.set({ lastError: reason });
    if (isProbe && mustRead === 'no') mustRead = 'soon';
    retryIn(Math.max(delayMs, afterMs), isProbe ? 'offline' : 'reconnecting');
  }

  function retryIn(delayMs: number, status: ConnectionStatus): void {
    setTimer(delayMs, reconcile);
    if (line.live() !== undefined) return;
    const isClosedUnder = mustRead === 'first' && store.get().status === 'disabled';
    store.set({
      status: isClosedUnder ? 'disabled' : status,
      attempt: schedule.failures,
      retryAt: timer?.dueAt,
      connectionId: undefined,
    });
  }

  function setTimer(delayMs: number, run: () => void): void {
    cancelTimer();
    const cancel = clock.setTimer(() => {
      timer = undefined;
      run();
    }, delayMs);
    timer = { cancel, dueAt: clock.now() + delayMs };
  }

  function cancelTimer(): void {
    timer?.cancel();
    timer = undefined;
  }

  function lost({ code, reason, error }: Close, live: Live | undefined): void {
    store.set({
      lastClose: { code, reason },
      connectionId: line.live() === undefined ? undefined : store.get().connectionId,
    });
    const verdict = judgeClose(code);
    const isBlameless = verdict.do === 'come_back' && verdict.isNetwork;
    if (live !== undefined && (isBlameless || clock.now() - live.since >= steadyMs)) schedule.reset();
    // Another one is under way already, as after `goaway`.
    if (live?.isLeaving === true && verdict.do === 'come_back' && (line.isOpening() || timer !== undefined))
      return store.set({ status: 'reconnecting', retryAt: timer?.dueAt, attempt: schedule.failures + 1 });
    const isPrompt = promptTries === 0;
    switch (verdict.do) {
      case 'come_back':
        return failed(error?.message, error?.afterMs);
      case 'fresh_token':
        auth.invalidate();
        mustAskToken = true;
        if (mustRead === 'no') mustRead = 'soon';
        if (code === 4501 && !isPrompt) return bar('closed', 'user', error?.message ?? reason);
        return promptly(live, error?.message);
      case 'read_policies':
        mustRead = 'first';
        isWatching = true;
        store.set({ status: 'disabled' });
        return promptly(live, error?.message);
      case 'signed_out':
        auth.invalidate();
        return bar('signed_out', 'user', undefined);
      case 'stay_away':
        return bar('closed', 'page', error?.message ?? reason);
    }
  }

  /** Without waiting, once; after that by the schedule. */
  function promptly(live: Live | undefined, reason: string | undefined): void {
    if (promptTries > 0) return failed(reason);
    promptTries += 1;
    if (live !== undefined && store.get().status === 'connected')
      store.set({ status: 'reconnecting', connectionId: undefined });
    reconcile();
  }

  function bar(status: 'signed_out' | 'closed', until: 'page' | 'user', reason: string | undefined): void {
    barred = { status, until };
    if (reason !== undefined) store.set({ lastError: reason });
    reconcile();
  }

  /** The policy that the server says this page has now. */
  function heedPolicy(policy: WirePagePolicy): void {
    store.set({ policy });
    if (policy.enabled) return;
    isWatching = true;
    mustRead = 'first';
    line.close();
    store.set({ status: 'disabled', connectionId: undefined });
    reconcile();
  }

  /** Somebody gives reason to begin anew. */
  function anew(): void {
    schedule.reset();
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
      cancelTimer();
      line.close();
      store.set({ status: 'closed', connectionId: undefined, retryAt: undefined, attempt: 0 });
    },
    connect() {
      wanted = 'connect';
      if (barred !== undefined) mustAskToken = true;
      barred = undefined;
      // Asked for again, a page that was off may be on.
      if (store.get().status === 'disabled') mustRead = 'soon';
      anew();
    },
    disconnect() {
      wanted = 'disconnect';
      reconcile();
    },
    moveTo(page) {
      wanted = 'auto';
      isWatching = false;
      if (barred?.until === 'page') barred = undefined;
      store.set({ page });
      anew();
    },
    signedIn() {
      auth.signedIn();
      barred = undefined;
      mustAskToken = true;
      anew();
    },
    signedOut() {
      auth.signOut();
      barred = undefined;
      line.close();
      forgetUser();
      store.set({ userId: undefined, connectionId: undefined });
      anew();
    },
    renewed(token) {
      const live = line.live();
      if (live === undefined) return;
      if (token !== null && isOf(live, token)) return renewOn(live, token);
      mustAskToken = true;
      reconcile();
    },
    wake() {
      if (phase !== 'running') return;
      if (line.live() !== undefined) return line.beat();
      const { status } = store.get();
      const isWaiting = status === 'reconnecting' || status === 'offline';
      if (isWaiting && !line.isOpening()) return anew();
      if (isWaiting || status === 'connecting' || policies.ageMs() < staleAfterMs) return;
      if (mustRead === 'no') mustRead = 'soon';
      reconcile();
    },
    hide() {
      if (phase !== 'running') return;
      phase = 'hidden';
      turn += 1;
      cancelTimer();
      line.close();
      store.set({ connectionId: undefined });
    },
    show() {
      if (phase !== 'hidden') return;
      phase = 'running';
      mustRead = 'soon';
      if (store.get().status === 'connected') store.set({ status: 'reconnecting' });
      anew();
    },
    connected({ page, connectionId, userId }) {
      promptTries = 0;
      cancelTimer();
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
        if (mustRead === 'no') mustRead = 'soon';
        heedPolicy(data['page'] as WirePagePolicy);
      } else if (action === 'auth_expiring') {
        auth.expiring(Date.parse(String(data['expiresAt'])) - Date.parse(timestamp));
      } else if (action === 'goaway' && live !== undefined) {
        live.isLeaving = true;
        setTimer(Number(data['reconnectAfterMs']) + random() * goawayJitterMs, reconcile);
      }
    },
  };
}

function isOf(live: Live, token: Token | null): boolean {
  return token === null || live.isVisitor
    ? token === null && live.isVisitor
    : (token.userId ?? live.userId) === live.userId;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
