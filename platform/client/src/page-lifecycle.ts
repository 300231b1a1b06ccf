// The life of a page: from its policy to a connection, to the next one after it, and to none where there
// shall be none. `#reconcile` brings what is there in line with what is wanted. The decision itself:
// page-decision.ts.
import {
  mayReconnect,
  normalizePath,
  type CommandAnswer,
  type ServerEvent,
  type WirePagePolicy,
} from '@belfry/protocol';
import type { Auth, AuthListener, Token } from './auth.ts';
import { CommandError, withCode } from './command-error.ts';
import type { Close } from './connection.ts';
import { isOf, type Line, type LineListener, type Live } from './line.ts';
import type { HandlerRegistry } from './handler-registry.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import { PageDecision, type Bar } from './page-decision.ts';
import type { Policies } from './policies.ts';
import { createReconnect, isNetworkLoss, probeDelayMs, type Reconnect } from './reconnect.ts';
import { isObject } from './serializer.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { BelfrySnapshot, CommandFailure, ConnectionStatus, Surroundings } from './types.ts';

export interface PageLifecycleDeps {
  surroundings: Pick<Surroundings, 'clock' | 'random' | 'isVisible'>;
  policies: Policies;
  auth: Auth;
  line: Line;
  messages: Pick<MessageEventHandler, 'forget'>;
  registry: Pick<HandlerRegistry, 'moveTo'>;
  store: SnapshotStore;
}

/** After a connection that was in use longer than this, ms, its end says nothing about the next attempt. */
const steadyMs = 30_000;
/** Policies older than this are read again when somebody comes back to the page, ms. */
const staleAfterMs = 60_000;
/** How far apart attempts are at most while the server restarts, where it does not say, ms. */
const retryWithinMs = 1000;

export class PageLifecycle implements LineListener, AuthListener {
  readonly #surroundings: PageLifecycleDeps['surroundings'];
  readonly #policies: Policies;
  readonly #auth: Auth;
  readonly #line: Line;
  readonly #messages: PageLifecycleDeps['messages'];
  readonly #registry: PageLifecycleDeps['registry'];
  readonly #store: SnapshotStore;
  readonly #decision: PageDecision;
  readonly #reconnect: Reconnect;
  #phase: 'new' | 'running' | 'hidden' | 'stopped' = 'new';
  /** Attempts without a wait since there was a connection, as after a 4501. */
  #promptTries = 0;
  /**
   * Looks since the page was switched off under a reader: it may come back, and nothing else would say so.
   */
  #looks: number | undefined;
  /** Whichever `#reconcile` began last counts. */
  #turn = 0;

  constructor(deps: PageLifecycleDeps) {
    const { surroundings, policies, auth, line } = deps;
    this.#surroundings = surroundings;
    this.#policies = policies;
    this.#auth = auth;
    this.#line = line;
    this.#messages = deps.messages;
    this.#registry = deps.registry;
    this.#store = deps.store;
    this.#decision = new PageDecision(deps);
    this.#reconnect = createReconnect(policies, surroundings);
    auth.listen(this);
    line.listen(this);
  }

  // From the application and the browser

  start(): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.#reconcile();
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#rest();
    this.#endIn('closed');
  }

  connect(): void {
    const decision = this.#decision;
    decision.wanted = 'connect';
    if (decision.bar) decision.mustAskToken = true;
    decision.bar = undefined;
    // Asked for again, a page that was off may be on.
    if (this.#status() === 'disabled') decision.distrust('soon');
    this.#beginAnew();
  }

  disconnect(): void {
    this.#decision.wanted = 'disconnect';
    this.#rest();
    const status = this.#status();
    if (status !== 'disabled' && status !== 'signed_out') this.#endIn('closed');
  }

  moveTo(path: string): void {
    const page = normalizePath(path);
    if (page === this.#store.get().page) return;
    this.#registry.moveTo(page);
    this.#decision.wanted = 'auto';
    this.#looks = undefined;
    if (this.#decision.bar?.until === 'page') this.#decision.bar = undefined;
    this.#store.set({ page });
    this.#beginAnew();
  }

  signedIn(): void {
    this.#auth.signedIn();
    this.#store.set({ userId: undefined });
    this.#decision.bar = undefined;
    this.#decision.mustAskToken = true;
    this.#beginAnew();
  }

  signedOut(): void {
    this.#auth.signOut();
    this.#decision.bar = undefined;
    this.#line.close();
    this.#messages.forget();
    this.#unconnected('closed', { userId: undefined });
    this.#beginAnew();
  }

  /** The network may be back, or somebody looks again: no reason to wait any longer. */
  wake(): void {
    const status = this.#status();
    if (this.#line.live()) {
      this.#line.beat();
    } else if (status === 'reconnecting' || status === 'offline') {
      this.#beginAnew();
    } else if (status !== 'connecting' && this.#policies.ageMs() >= staleAfterMs) {
      this.#decision.distrust('soon');
      this.#reconcile();
    }
  }

  /** Into the back-forward cache. */
  hide(): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'hidden';
    this.#rest();
    this.#line.close();
    this.#store.set({ connectionId: undefined });
  }

  /** Out of the back-forward cache. */
  show(): void {
    if (this.#phase !== 'hidden') return;
    this.#phase = 'running';
    this.#decision.distrust('soon');
    if (this.#status() === 'connected') this.#store.set({ status: 'reconnecting' });
    this.#beginAnew();
  }

  // From the token

  isConnected(): boolean {
    return this.#line.live() !== undefined;
  }

  renewed(token: Token | null): void {
    const live = this.#line.live();
    if (!live) return;
    if (token && isOf(live, token)) {
      this.#line.update({ page: live.page, token: token.text });
    } else {
      this.#decision.mustAskToken = true;
      this.#reconcile();
    }
  }

  renewalFailed(error: unknown): void {
    this.#store.set({ lastError: withCode(error, 'no_token') });
  }

  // From the connection

  page(): string {
    return this.#store.get().page;
  }

  connected({ page: policy, connectionId, userId }: CommandAnswer<'connect'>): void {
    this.#promptTries = 0;
    this.#looks = undefined;
    this.#reconnect.cancel();
    this.#confirm(policy);
    this.#store.set({
      ...{ status: 'connected', policy, connectionId, userId, attempt: 0, retryAt: undefined, lastError: undefined },
      syncSignal: this.#store.get().syncSignal + 1,
    });
    // The page may have moved while the answer was under way.
    if (this.#line.live()?.page !== this.page()) this.#reconcile();
  }

  lost({ code, reason, error }: Close, live: Live | undefined): void {
    this.#store.set({ lastClose: { code, reason } });
    const wasSteady = live && (isNetworkLoss(code) || this.#surroundings.clock.monotonic() - live.since >= steadyMs);
    if (wasSteady) this.#reconnect.reset();
    const why = error ?? new CommandError({ code: `ws_${code}`, message: reason, retry: 'never' });
    if (code === 4001 || code === 4501) {
      // Back with another token; at once, the first time.
      this.#auth.invalidate();
      this.#decision.mustAskToken = true;
      // The page may need a token since a change that the client was not sent.
      this.#decision.distrust('soon');
      if (code === 4501 && this.#promptTries > 0) this.#stayAway({ status: 'closed', until: 'user' }, why);
      else this.#tryPromptly('reconnecting', error);
    } else if (code === 4503 && error?.code === 'forbidden') {
      // The page is on, and wants a role that the token does not have.
      this.#stayAway({ status: 'closed', until: 'page' }, why);
    } else if (code === 4503) {
      // The page may be off.
      this.#decision.distrust('first');
      this.#looks ??= 0;
      this.#tryPromptly('disabled', error);
    } else if (code === 4507) {
      this.#auth.invalidate();
      this.#stayAway({ status: 'signed_out', until: 'user' });
    } else if (mayReconnect(code)) {
      // Another attempt is under way, as after `goaway`.
      const dueAt = this.#reconnect.dueAt();
      if (live?.isLeaving && (dueAt !== undefined || this.#line.opening()))
        this.#unconnected('reconnecting', { retryAt: dueAt });
      else this.#failed(error);
    } else {
      this.#stayAway({ status: 'closed', until: 'page' }, why);
    }
  }

  /** Events about the connection itself; any other is none of its business. */
  event({ action, data, timestamp }: ServerEvent): void {
    const live = this.#line.live();
    if (action === 'page_config_changed') {
      this.#decision.distrust('soon');
      if (isObject(data['page'])) this.policyChanged(data['page'] as unknown as WirePagePolicy);
    } else if (action === 'auth_expiring') {
      this.#auth.expiring(Date.parse(String(data['expiresAt'])) - Date.parse(timestamp));
    } else if (action === 'goaway' && live) {
      live.isLeaving = true;
      this.#reconnect.expectRestart(Number(data['retryWithinMs']) || retryWithinMs);
      // Each connection has another time: clients that are sent away together do not come back together.
      this.#reconnect.wait(Number(data['reconnectAfterMs']) || 0, () => this.#reconcile());
    }
  }

  policyChanged(policy: WirePagePolicy): void {
    this.#confirm(policy);
    this.#store.set({ policy });
    if (policy.enabled) return;
    this.#looks ??= 0;
    this.#decision.distrust('first');
    this.#line.close();
    this.#unconnected('disabled');
    this.#reconcile();
  }

  // The consequences

  /** Of a policy that is about to be the page's, where the server was told of another. */
  #confirm({ pattern, version }: WirePagePolicy): void {
    const { policy } = this.#store.get();
    if (policy?.pattern !== pattern || policy.version !== version) this.#line.confirm();
  }

  /** There is a reason to begin anew: the schedule starts over. */
  #beginAnew(): void {
    this.#reconnect.reset();
    this.#promptTries = 0;
    this.#reconcile();
  }

  #reconcile(): void {
    const turn = this.#rest();
    if (this.#phase !== 'running') return;
    const isCurrent = (): boolean => turn === this.#turn;
    this.#decision.decide(isCurrent).then(
      (decided) => {
        if (!isCurrent() || !decided) return;
        if (typeof decided === 'object') this.#connect(decided.token);
        else this.#endIn(decided);
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        const lastError = withCode(error, 'no_token');
        if (lastError.retry !== 'never' || this.#line.live()) this.#failed(lastError);
        else {
          // Whoever comes back to the page looks again.
          this.#endIn('closed');
          this.#store.set({ lastError });
        }
      },
    );
  }

  /** Nothing is waited for, and a decision that is still under way does not count. */
  #rest(): number {
    this.#reconnect.cancel();
    return (this.#turn += 1);
  }

  /** There is to be a connection of this token: undefined where the one there is needs none. */
  #connect(token: Token | null | undefined): void {
    this.#decision.mustAskToken = false;
    const live = this.#line.live();
    if (live && !live.isLeaving) {
      if (token === undefined || isOf(live, token)) {
        // Since `signedIn` it was not known any more who it is.
        this.#store.set({ userId: live.userId });
        this.#line.update({ page: this.page(), token: token?.text });
        return;
      }
      this.#line.close();
    }
    const opening = this.#line.opening();
    if (opening && opening.token === token?.text) return;
    if (!this.#line.live()) {
      const status = this.#status();
      const isFirst = status !== 'reconnecting' && status !== 'offline' && status !== 'connected';
      // A probe that finds nothing should not make a page flicker.
      const next = isFirst ? 'connecting' : this.#reconnect.isUsedUp() ? 'offline' : 'reconnecting';
      this.#store.set({ status: next, attempt: this.#reconnect.failures + 1, retryAt: undefined });
    }
    this.#line.open({
      token: token?.text,
      userId: token?.userId,
      timeoutMs: this.#policies.settings().connectionTimeoutMs,
    });
  }

  /** There is to be no connection. */
  #endIn(status: 'disabled' | 'signed_out' | 'closed'): void {
    this.#line.close();
    this.#reconnect.reset();
    this.#unconnected(status, { attempt: 0, retryAt: undefined });
    if (status !== 'disabled' || this.#looks === undefined) return;
    const { random, isVisible } = this.#surroundings;
    this.#reconnect.wait(probeDelayMs(random(), this.#looks), () => {
      this.#looks = (this.#looks ?? 0) + 1;
      // While nobody looks it can wait: `wake` reads them when somebody does.
      if (isVisible()) this.#decision.distrust('soon');
      this.#reconcile();
    });
  }

  /** An attempt came to nothing, or the connection is gone: the next one by the schedule. */
  #failed(error: CommandFailure | undefined): void {
    const reconnect = this.#reconnect;
    // A decision that is still under way would be a second attempt.
    this.#turn += 1;
    reconnect.again(() => this.#reconcile(), error?.afterMs ?? 0);
    if (error) this.#store.set({ lastError: error });
    if (reconnect.isUsedUp()) this.#decision.distrust('soon');
    if (this.#line.live()) return;
    const isSwitchedOff = this.#decision.mustReadFirst() && this.#status() === 'disabled';
    const status = isSwitchedOff ? 'disabled' : reconnect.isUsedUp() ? 'offline' : 'reconnecting';
    this.#unconnected(status, { attempt: reconnect.failures, retryAt: reconnect.dueAt() });
  }

  /** Without waiting, once; after that by the schedule. */
  #tryPromptly(status: ConnectionStatus, error: CommandFailure | undefined): void {
    this.#unconnected(status);
    this.#promptTries += 1;
    if (this.#promptTries > 1) this.#failed(error);
    else this.#reconcile();
  }

  #stayAway(bar: Bar, lastError?: CommandFailure): void {
    this.#decision.bar = bar;
    this.#unconnected(bar.status, lastError && { lastError });
    this.#reconcile();
  }

  #unconnected(status: ConnectionStatus, change: Partial<BelfrySnapshot> = {}): void {
    this.#store.set({ status, connectionId: undefined, ...change });
  }

  #status(): ConnectionStatus {
    return this.#store.get().status;
  }
}
