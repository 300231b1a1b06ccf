// The console's own WebSocket: the SDK on the built-in app, as whoever is signed in. What comes over it is of
// those who ask for a topic.
import type { Belfry, BelfrySnapshot, ServerEvent } from '@belfry/client';
import { answerOf, plainApi, serverUrl } from '#lib/api/client.ts';
import { asProblem } from '#lib/api/problem.ts';
import { asks } from '#lib/session/asks.svelte.ts';
import { loadSession } from '#lib/session/load.ts';

/**
 * - `live`: what is shown is what is.
 * - `connecting`: the first attempts since the page was opened.
 * - `reconnecting`: it was live before.
 * - `paused`: the tab was hidden for a while; begins again when somebody looks.
 * - `blocked`: the server answers, and no WebSocket gets through to it: data are as old as the last look.
 * - `off`: nobody is signed in.
 */
export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'paused' | 'blocked';

export type TopicHandler = (event: ServerEvent) => void;

/** Of the console's app; any below its pattern will do, so that no address of a person leaves the page. */
const page = '/console/live';
const measureEveryMs = 15_000;
/** A tab that is hidden for longer wants no live data. */
const pauseAfterMs = 30_000;
/** Before the next attempt, where the server goes on ending them. */
const againAfterMs = 1000;
const againAfterMostMs = 30_000;
/** So many attempts that fail, while the server answers otherwise, are no passing trouble. */
const blockedAfter = 3;

interface Wanted {
  handler: TopicHandler;
  /** The server has no such topic for this account, or not any more. */
  onrefused: () => void;
  end: () => void;
}

class LiveConnection {
  #status = $state<BelfrySnapshot['status']>('closed');
  #attempt = $state(0);
  #wasLive = $state(false);
  #isOn = $state(false);
  #isHidden = $state(false);
  #rttMs = $state<number | undefined>();
  #lostAt = $state<number | undefined>();
  #belfry: Belfry | undefined;
  #syncSignal = 0;
  readonly #topics = new Map<string, Set<Wanted>>();
  readonly #returns = new Set<() => void>();
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #measureTimer: ReturnType<typeof setInterval> | undefined;
  #againTimer: ReturnType<typeof setTimeout> | undefined;
  /** How often in a row the server has ended it. */
  #endings = 0;

  get state(): LiveState {
    if (!this.#isOn) return 'off';
    if (this.#isHidden) return 'paused';
    if (this.#status === 'connected') return 'live';
    if (this.#wasLive) return 'reconnecting';
    return this.#attempt > blockedAfter || this.#status === 'offline' ? 'blocked' : 'connecting';
  }

  /** Round trip to the server, once it was measured. */
  get rttMs(): number | undefined {
    return this.#rttMs;
  }

  /** Since when what is shown may be old; undefined while it is live. */
  get lostAt(): number | undefined {
    return this.#lostAt;
  }

  /** Twice is once. The SDK is fetched when the first screen is there. */
  async start(): Promise<void> {
    if (this.#isOn) {
      // Somebody may have signed in again, as the same or another person.
      this.#belfry?.signedIn();
      return;
    }
    this.#isOn = true;
    document.addEventListener('visibilitychange', this.#onVisibility);
    const { createBelfry } = await import('@belfry/client');
    // They may have signed out meanwhile, and in again.
    if (this.state === 'off' || this.#belfry !== undefined) return;
    const belfry = createBelfry({
      app: 'belfry-console',
      url: serverUrl,
      page,
      getToken,
      // A page of the server itself: whether it is let in is seen when it connects.
      surroundings: { origin: undefined },
    });
    this.#belfry = belfry;
    belfry.subscribe(() => this.#follow(belfry.snapshot()));
    for (const [topic, wanted] of this.#topics) for (const each of wanted) this.#subscribe(topic, each);
    belfry.start();
  }

  /** Nobody is signed in any more: who was is not asked to come back. */
  stop(): void {
    asks.signIn.end(false);
    this.#isOn = false;
    this.#wasLive = false;
    this.#rttMs = this.#lostAt = undefined;
    this.#status = 'closed';
    document.removeEventListener('visibilitychange', this.#onVisibility);
    clearTimeout(this.#hideTimer);
    clearInterval(this.#measureTimer);
    clearTimeout(this.#againTimer);
    this.#endings = 0;
    void this.#belfry?.stop();
    this.#belfry = undefined;
  }

  /** Events of the topic, over reconnects, until the returned function is called. */
  topic(name: string, handler: TopicHandler, onrefused: () => void = () => undefined): () => void {
    const wanted: Wanted = { handler, onrefused, end: () => undefined };
    const all = this.#topics.get(name) ?? new Set<Wanted>();
    this.#topics.set(name, all.add(wanted));
    this.#subscribe(name, wanted);
    return () => {
      wanted.end();
      all.delete(wanted);
      if (all.size === 0) this.#topics.delete(name);
    };
  }

  /** Called when it is live again: what came meanwhile was missed. */
  onReturn(listen: () => void): () => void {
    this.#returns.add(listen);
    return () => this.#returns.delete(listen);
  }

  #subscribe(name: string, wanted: Wanted): void {
    // Refused: the role went, which the answers of the server say too, or what it is of is no more.
    wanted.end = this.#belfry?.topic(name).subscribe(wanted.handler, wanted.onrefused) ?? (() => undefined);
  }

  #follow({ status, attempt, syncSignal }: BelfrySnapshot): void {
    const [was, is] = [this.#status === 'connected', status === 'connected'];
    if (status === 'signed_out' && this.#status !== 'signed_out') this.#lookWhoIsIn();
    this.#status = status;
    this.#attempt = attempt;
    if (was && !is) {
      this.#lostAt = Date.now();
      this.#rttMs = undefined;
      clearInterval(this.#measureTimer);
    }
    if (is && !was) {
      this.#lostAt = undefined;
      this.#endings = 0;
      this.#measureTimer = setInterval(() => void this.#measure(), measureEveryMs);
      void this.#measure();
    }
    if (is && syncSignal !== this.#syncSignal) {
      this.#syncSignal = syncSignal;
      if (this.#wasLive) for (const listen of this.#returns) listen();
      this.#wasLive = true;
    }
  }

  /**
   * The server ends all that an account has open when one of its sessions ends, or a role of it changes: the session
   * of this tab may be there still.
   */
  #lookWhoIsIn(): void {
    const waitMs = this.#endings === 0 ? 0 : Math.min(againAfterMostMs, againAfterMs * 2 ** this.#endings);
    this.#endings += 1;
    clearTimeout(this.#againTimer);
    this.#againTimer = setTimeout(() => void this.#goOnOrAsk(), waitMs);
  }

  async #goOnOrAsk(): Promise<void> {
    const belfry = this.#belfry;
    try {
      const isOver = (await loadSession()) !== undefined;
      if (belfry === undefined || belfry !== this.#belfry) return;
      // With the session that comes of it, the shell begins anew.
      if (isOver) void asks.signIn.ask();
      else belfry.signedIn();
    } catch {
      // The server does not answer.
      if (belfry !== undefined && belfry === this.#belfry) this.#lookWhoIsIn();
    }
  }

  async #measure(): Promise<void> {
    const sentAt = performance.now();
    try {
      await this.#belfry?.command('heartbeat', {});
      this.#rttMs = Math.round(performance.now() - sentAt);
    } catch {
      // A lost connection is seen by its status.
    }
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hideTimer);
    if (document.hidden) this.#hideTimer = setTimeout(() => this.#pause(), pauseAfterMs);
    else this.#goOn();
  };

  #pause(): void {
    this.#isHidden = true;
    this.#belfry?.disconnect();
  }

  #goOn(): void {
    if (!this.#isHidden) return;
    this.#isHidden = false;
    this.#belfry?.connect();
  }
}

async function getToken(): Promise<string | null> {
  try {
    return (await answerOf<{ token: string }>(plainApi.POST('/live/token'))).token;
  } catch (error) {
    if (asProblem(error).code === 'unauthorized') return null;
    throw error;
  }
}

export const live = new LiveConnection();
