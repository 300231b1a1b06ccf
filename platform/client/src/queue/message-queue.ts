// The message queue: messages that wait are sent in order, once, from one tab, as soon as they may. The
// messages: backlog.ts; what tabs share: tabs.ts.
import { failureOf } from '../http.ts';
import type { Line } from '../line.ts';
import type { Clock, Draft, QueuedMessage, QueueLimits, StoredDraft, Surroundings, Unsubscribe } from '../types.ts';
import { Backlog, type Entry } from './backlog.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { QueueOwner, type QueueOwnerDeps } from './queue-owner.ts';
import { bytesOf, failedView, queueFull, viewOf } from './queued-view.ts';
import { openTabs, type Tabs } from './tabs.ts';

export interface QueueDeps {
  surroundings: Surroundings;
  /** Limits that are left out have their defaults. */
  limits: Partial<QueueLimits> | undefined;
  owner: Pick<QueueOwner, 'current' | 'isPresumed' | 'forget'>;
  line: Pick<Line, 'command'>;
  /** Whether there is a connection of the owner, on a page with messaging. */
  isReady(): boolean;
  /** Calls it now if it is so, and each time it has become so. */
  onReady(listen: () => void): Unsubscribe;
  /** Called at each change of a message, also by another tab; does not throw. */
  onMessage: (message: QueuedMessage) => void;
  /** For tests; the browser's unless given. Called at the first use. */
  openTabs?: () => Tabs;
}

const defaultLimits: QueueLimits = { maxCount: 500, maxBytes: 1024 * 1024, maxAgeMs: 24 * 3600 * 1000 };
/** A frame may have 64 KiB (docs/protocol.md); a larger one would close the connection, each time anew. */
const maxFrameBytes = 64 * 1024;
/** For what stands around the draft in a frame. */
const envelopeBytes = 256;
/**
 * Another tab's news take milliseconds; after this they are lost. Sending again is safe: the server knows the
 * cid.
 */
const missingMs = 2000;
const longestTimerMs = 2 ** 31 - 1;
/** Failures that say nothing of the message: what became of it is found out by sending it again. */
const ofTheConnection: ReadonlySet<string> = new Set(['connection_lost', 'not_connected', 'timeout']);

/** The queue of the user who is signed in. */
export function startQueue(deps: Omit<QueueDeps, 'owner'> & QueueOwnerDeps): MessageQueue {
  return new MessageQueue({ ...deps, owner: new QueueOwner(deps) });
}

/** Begins to listen, and to send what lies in storage, as soon as it is made. */
export class MessageQueue {
  readonly #deps: QueueDeps;
  readonly #clock: Clock;
  readonly #limits: QueueLimits;
  readonly #lanes: Lanes;
  readonly #backlog: Backlog;
  readonly #stopping = new AbortController();
  readonly #endReady: Unsubscribe;
  /**
   * Conversation and cid. One message of a conversation at a time: the next must not overtake it when it
   * fails.
   */
  readonly #inFlight = new Map<string, string>();
  #pumping: Promise<void> | undefined;
  /** There while this tab holds the lock and sends. */
  #draining: { owner: string; done: () => void } | undefined;
  #endTimer: (() => void) | undefined;

  constructor(deps: QueueDeps) {
    const { surroundings, owner, onMessage } = deps;
    this.#deps = deps;
    this.#clock = surroundings.clock;
    this.#limits = { ...defaultLimits, ...deps.limits };
    this.#lanes = createLanes(surroundings);
    this.#backlog = new Backlog({
      ...{ surroundings, owner, onMessage, limits: this.#limits },
      openTabs: deps.openTabs ?? (() => openTabs(surroundings)),
      isInFlight: (stored) => this.#isInFlight(stored),
      changed: () => this.#pump(),
    });
    this.#endReady = deps.onReady(() => {
      this.#lanes.open();
      this.#pump();
    });
  }

  add(draft: Draft, cid: string): QueuedMessage {
    const backlog = this.#backlog;
    const owner = backlog.meetOwner() ?? '';
    const known = backlog.get(cid);
    if (known) {
      this.retry(cid);
      return viewOf(backlog.get(cid)?.stored ?? known.stored);
    }
    // A copy: the application may go on changing its own.
    const copy = JSON.parse(JSON.stringify(draft)) as Draft;
    const stored = { owner, cid, draft: copy, queuedAt: this.#clock.now(), order: backlog.nextOrder() };
    const bytes = bytesOf(copy);
    const refusal = this.#refusalOf(bytes);
    if (refusal) {
      const refused = failedView(stored, refusal);
      this.#deps.onMessage(refused);
      return refused;
    }
    backlog.keep({ stored, bytes, mine: true, confirmed: true, missing: false });
    backlog.makeRoom();
    this.#pump();
    return viewOf(stored);
  }

  messages(): QueuedMessage[] {
    this.#backlog.meetOwner();
    return this.#backlog.inOrder().map(({ stored }) => viewOf(stored));
  }

  retry(cid: string): void {
    const entry = this.#backlog.get(cid);
    if (!entry?.stored.error) return;
    const { error: _, ...stored } = entry.stored;
    // Its age begins anew, or a message too old could never be sent.
    const again = { ...stored, queuedAt: this.#clock.now() };
    this.#backlog.keep({ ...entry, stored: again, mine: true, confirmed: true });
    this.#pump();
  }

  async cancel(cid: string): Promise<boolean> {
    const owner = this.#backlog.meetOwner();
    // Nobody else can be sending it while this tab is the one that sends.
    if (owner === undefined || this.#draining?.owner === owner || !this.#backlog.get(cid)) return this.#take(cid);
    const { storage, lock } = this.#backlog.tabs();
    let taken = false;
    const takeIfStored = async (): Promise<void> => {
      const stored = await storage.load(owner);
      taken = stored.some((each) => each.cid === cid) && this.#take(cid);
    };
    await lock.hold(lockOf(owner), takeIfStored, this.#stopping.signal);
    return taken;
  }

  /** Somebody else may be signed in from now on. */
  forgetOwner(): void {
    this.#deps.owner.forget();
  }

  /** Messages that wait stay in storage. */
  async stop(): Promise<void> {
    this.#endReady();
    this.#stopping.abort();
    this.#endTimer?.();
    this.#draining?.done();
    await this.#pumping;
    await this.#backlog.close();
  }

  #refusalOf(bytes: number): { code: string; message: string } | undefined {
    const { maxBytes, maxCount } = this.#limits;
    if (bytes > maxFrameBytes - envelopeBytes) {
      return { code: 'too_large', message: 'A message has at most 64 KiB.' };
    }
    return bytes > maxBytes || maxCount < 1 ? queueFull : undefined;
  }

  #take(cid: string): boolean {
    const entry = this.#backlog.get(cid);
    if (!entry || this.#isInFlight(entry.stored)) return false;
    const message = failedView(entry.stored, { code: 'cancelled', message: 'It was taken back.' });
    this.#backlog.drop(entry.stored, message);
    return true;
  }

  /** Sends what can go, when this tab may; else sees to it that it is tried again. */
  #pump(): void {
    const owner = this.#backlog.meetOwner();
    this.#schedule();
    this.#step();
    if (owner === undefined || !this.#backlog.isLoaded() || this.#pumping || !this.#mayGo()) return;
    if (this.#next().length === 0) return;
    this.#pumping = this.#backlog
      .tabs()
      .lock.hold(lockOf(owner), () => this.#drain(owner), this.#stopping.signal)
      .catch(this.#deps.surroundings.report)
      .then(() => {
        this.#pumping = undefined;
        // A message may have come between the last look and letting go.
        this.#pump();
      });
  }

  /**
   * Holds the lock until nothing is in flight and nothing can go: a tab that waits must not keep the others
   * from sending.
   */
  async #drain(owner: string): Promise<void> {
    if (!this.#mayGo()) return;
    for (const conversationId of await this.#backlog.refresh(owner)) this.#lanes.hold(conversationId, missingMs);
    await new Promise<void>((resolve) => {
      this.#draining = { owner, done: resolve };
      this.#step();
    });
    this.#draining = undefined;
    // The next tab takes what it finds in storage for what waits.
    await this.#backlog.written();
  }

  #step(): void {
    if (!this.#draining) return;
    if (this.#backlog.meetOwner() === this.#draining.owner && this.#mayGo()) {
      for (const entry of this.#next().filter(({ confirmed }) => confirmed)) {
        const { conversationId } = entry.stored.draft;
        this.#inFlight.set(conversationId, entry.stored.cid);
        void this.#send(entry).finally(() => {
          this.#inFlight.delete(conversationId);
          this.#schedule();
          this.#step();
        });
      }
    }
    if (this.#inFlight.size === 0) this.#draining.done();
  }

  #mayGo(): boolean {
    return this.#deps.isReady() && !this.#stopping.signal.aborted;
  }

  /** The oldest of each conversation that need not wait. */
  #next(): Entry[] {
    const taken = new Set(this.#inFlight.keys());
    return this.#backlog.inOrder().filter(({ stored }) => {
      const { conversationId } = stored.draft;
      if (stored.error || taken.has(conversationId)) return false;
      taken.add(conversationId);
      return this.#lanes.opensAt(conversationId) <= this.#clock.monotonic();
    });
  }

  async #send({ stored }: Entry): Promise<void> {
    const { line, surroundings } = this.#deps;
    const { cid, draft } = stored;
    const { conversationId, type, content, replyTo, mentions, metadata } = draft;
    try {
      const command = { conversationId, cid, type, content, replyTo, mentions, metadata };
      const { messageId, seq, timestamp } = await line.command('message', command);
      this.#lanes.went(conversationId);
      this.#backlog.drop(stored, { ...viewOf(stored), state: 'sent', sent: { messageId, seq, timestamp } });
    } catch (error) {
      const failure = failureOf(error, surroundings.report);
      const { code, message, retry } = failure;
      if (retry !== 'never' || ofTheConnection.has(code)) this.#lanes.failed(conversationId, failure);
      else this.#backlog.fail(stored, { code, message });
    }
  }

  /** One timer: for the next message that grows too old, or the next conversation that may go on. */
  #schedule(): void {
    this.#endTimer?.();
    this.#endTimer = undefined;
    if (this.#stopping.signal.aborted) return;
    const monotonic = this.#clock.monotonic();
    let delayMs = Infinity;
    for (const { stored } of this.#backlog.inOrder()) {
      if (stored.error || this.#isInFlight(stored)) continue;
      // Its age goes on while no page is open, so it is counted by the time of day.
      const leftMs = stored.queuedAt + this.#limits.maxAgeMs - this.#clock.now();
      const opensInMs = this.#lanes.opensAt(stored.draft.conversationId) - monotonic;
      delayMs = Math.min(delayMs, Math.max(leftMs, 0), opensInMs > 0 ? opensInMs : Infinity);
    }
    if (delayMs === Infinity) return;
    this.#endTimer = this.#clock.setTimer(
      () => {
        this.#backlog.giveUpOld();
        this.#pump();
      },
      Math.min(delayMs, longestTimerMs),
    );
  }

  #isInFlight({ cid, draft }: StoredDraft): boolean {
    return this.#inFlight.get(draft.conversationId) === cid;
  }
}

function lockOf(owner: string): string {
  return `belfry.sender:${owner}`;
}
