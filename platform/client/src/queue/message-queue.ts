// The message queue: what waits is sent in order, once, from one tab, as soon as it may. What waits: backlog.ts; what tabs share: tabs.ts.
import type { CommandAnswer } from '@belfry/protocol';
import { failureOf } from '../command-error.ts';
import type { Draft, QueuedMessage, QueueLimits, StoredDraft, Surroundings, Unsubscribe } from '../types.ts';
import { bytesOf, createBacklog, failedView, queueFull, viewOf, type Entry } from './backlog.ts';
import { createLanes } from './lanes.ts';
import { openTabs, type Tabs } from './tabs.ts';

export interface QueueDeps {
  surroundings: Surroundings;
  limits: QueueLimits;
  /** App and user as one text; undefined while nobody is known. Stays while the connection is away. */
  owner(): string | undefined;
  /** The owner is only the one of the last time; who it is now is not known yet. */
  isPresumed(): boolean;
  /** Rejects with a CommandError. */
  send(draft: Draft, cid: string): Promise<CommandAnswer<'message'>>;
  /** Whether there is a connection of the owner, on a page with messaging. */
  isReady(): boolean;
  onReady(listen: () => void): Unsubscribe;
  /** For tests; the browser's unless given. Called at the first use. */
  openTabs?: () => Tabs;
}

/** As `Outbox`; who listens is told through `tell`. */
export interface MessageQueue {
  add(draft: Draft, cid: string): QueuedMessage;
  messages(): QueuedMessage[];
  retry(cid: string): void;
  cancel(cid: string): Promise<boolean>;
  /** What waits stays in storage. */
  stop(): Promise<void>;
}

/** A frame may have 64 KiB (docs/protocol.md); a larger one would close the connection, each time anew. */
const maxFrameBytes = 64 * 1024;
/** For what stands around the draft in a frame. */
const envelopeBytes = 256;
/** Another tab's news take milliseconds; after this they are lost. Sending again is safe: the server knows the cid. */
const missingMs = 2000;
const longestTimerMs = 2 ** 31 - 1;
/** Failures that say nothing of the message: what became of it is found out by sending it again. */
const ofTheConnection: ReadonlySet<string> = new Set(['connection_lost', 'not_connected', 'timeout']);

/** `tell` is called at each change of a message, also by another tab; it does not throw. */
export function createMessageQueue(deps: QueueDeps, tell: (message: QueuedMessage) => void): MessageQueue {
  const { surroundings, limits } = deps;
  const { clock } = surroundings;
  const lanes = createLanes(surroundings);
  /** Conversation and cid. One message of a conversation at a time: the next must not overtake it when it fails. */
  const inFlight = new Map<string, string>();
  const backlog = createBacklog({
    surroundings,
    limits,
    owner: () => deps.owner(),
    isPresumed: () => deps.isPresumed(),
    openTabs: deps.openTabs ?? (() => openTabs(surroundings)),
    isInFlight,
    changed: pump,
    tell,
  });
  const stopping = new AbortController();
  let pumping: Promise<void> | undefined;
  /** There while this tab holds the lock and sends. */
  let draining: { owner: string; done: () => void } | undefined;
  let endTimer: (() => void) | undefined;

  const endReady = deps.onReady(() => {
    lanes.open();
    pump();
  });

  return {
    add,
    retry,
    cancel,
    messages() {
      backlog.meetOwner();
      return backlog.inOrder().map(({ stored }) => viewOf(stored));
    },
    async stop() {
      endReady();
      stopping.abort();
      endTimer?.();
      draining?.done();
      await pumping;
      await backlog.close();
    },
  };

  function add(draft: Draft, cid: string): QueuedMessage {
    const owner = backlog.meetOwner() ?? '';
    const known = backlog.get(cid);
    if (known) {
      retry(cid);
      return viewOf(backlog.get(cid)?.stored ?? known.stored);
    }
    // A copy: the application may go on changing its own.
    const copy = JSON.parse(JSON.stringify(draft)) as Draft;
    const stored = { owner, cid, draft: copy, queuedAt: clock.now(), order: backlog.nextOrder() };
    const bytes = bytesOf(copy);
    const refusal =
      bytes > maxFrameBytes - envelopeBytes
        ? { code: 'too_large', message: 'A message has at most 64 KiB.' }
        : bytes > limits.maxBytes || limits.maxCount < 1
          ? queueFull
          : undefined;
    if (refusal) {
      const refused = failedView(stored, refusal);
      tell(refused);
      return refused;
    }
    backlog.keep({ stored, bytes, mine: true, confirmed: true, missing: false });
    backlog.makeRoom();
    pump();
    return viewOf(stored);
  }

  function retry(cid: string): void {
    const entry = backlog.get(cid);
    if (!entry?.stored.error) return;
    const { error: _, ...stored } = entry.stored;
    // Its age begins anew, or a message too old could never be sent.
    backlog.keep({ ...entry, stored: { ...stored, queuedAt: clock.now() }, mine: true, confirmed: true });
    pump();
  }

  async function cancel(cid: string): Promise<boolean> {
    const owner = backlog.meetOwner();
    // Nobody else can be sending it while this tab is the one that sends.
    if (owner === undefined || draining?.owner === owner || !backlog.get(cid)) return take(cid);
    let taken = false;
    const takeIfStored = async (): Promise<void> => {
      const stored = await backlog.tabs().storage.load(owner);
      taken = stored.some((each) => each.cid === cid) && take(cid);
    };
    await backlog.tabs().lock.hold(lockOf(owner), takeIfStored, stopping.signal);
    return taken;
  }

  function take(cid: string): boolean {
    const entry = backlog.get(cid);
    if (!entry || isInFlight(entry.stored)) return false;
    backlog.drop(entry.stored, failedView(entry.stored, { code: 'cancelled', message: 'It was taken back.' }));
    return true;
  }

  /** Sends what can go, when this tab may; else sees to it that it is tried again. */
  function pump(): void {
    const owner = backlog.meetOwner();
    schedule();
    step();
    if (owner === undefined || !backlog.isLoaded() || pumping || stopping.signal.aborted) return;
    if (!deps.isReady() || next().length === 0) return;
    pumping = backlog
      .tabs()
      .lock.hold(lockOf(owner), () => drain(owner), stopping.signal)
      .catch(surroundings.report)
      .then(() => {
        pumping = undefined;
        // What came between the last look and letting go.
        pump();
      });
  }

  /** Holds the lock until nothing is in flight and nothing can go: a tab that waits must not keep the others from sending. */
  async function drain(owner: string): Promise<void> {
    if (stopping.signal.aborted || !deps.isReady()) return;
    for (const conversationId of await backlog.refresh(owner)) lanes.hold(conversationId, missingMs);
    await new Promise<void>((resolve) => {
      draining = { owner, done: resolve };
      step();
    });
    draining = undefined;
    // The next tab takes what it finds in storage for what waits.
    await backlog.written();
  }

  function step(): void {
    if (!draining) return;
    if (backlog.meetOwner() === draining.owner && deps.isReady() && !stopping.signal.aborted) {
      for (const entry of next().filter(({ confirmed }) => confirmed)) {
        const { conversationId } = entry.stored.draft;
        inFlight.set(conversationId, entry.stored.cid);
        void sendOne(entry).finally(() => {
          inFlight.delete(conversationId);
          schedule();
          step();
        });
      }
    }
    if (inFlight.size === 0) draining.done();
  }

  /** The oldest of each conversation that need not wait. */
  function next(): Entry[] {
    const taken = new Set(inFlight.keys());
    return backlog.inOrder().filter(({ stored }) => {
      const { conversationId } = stored.draft;
      if (stored.error || taken.has(conversationId)) return false;
      taken.add(conversationId);
      return lanes.opensAt(conversationId) <= clock.now();
    });
  }

  async function sendOne({ stored }: Entry): Promise<void> {
    const { conversationId } = stored.draft;
    try {
      const { messageId, seq, timestamp } = await deps.send(stored.draft, stored.cid);
      lanes.went(conversationId);
      backlog.drop(stored, { ...viewOf(stored), state: 'sent', sent: { messageId, seq, timestamp } });
    } catch (error) {
      const failure = failureOf(error, surroundings.report);
      if (failure.retry !== 'never' || ofTheConnection.has(failure.code)) lanes.failed(conversationId, failure);
      else backlog.fail(stored, { code: failure.code, message: failure.message });
    }
  }

  /** One timer: for the next message that grows too old, or the next conversation that may go on. */
  function schedule(): void {
    endTimer?.();
    endTimer = undefined;
    if (stopping.signal.aborted) return;
    let at = Infinity;
    for (const { stored } of backlog.inOrder()) {
      if (stored.error || isInFlight(stored)) continue;
      at = Math.min(at, stored.queuedAt + limits.maxAgeMs);
      const opensAt = lanes.opensAt(stored.draft.conversationId);
      if (opensAt > clock.now()) at = Math.min(at, opensAt);
    }
    if (at === Infinity) return;
    const delayMs = Math.min(Math.max(at - clock.now(), 0), longestTimerMs);
    endTimer = clock.setTimer(() => {
      backlog.giveUpOld();
      pump();
    }, delayMs);
  }

  function isInFlight({ cid, draft }: StoredDraft): boolean {
    return inFlight.get(draft.conversationId) === cid;
  }
}

function lockOf(owner: string): string {
  return `belfry.sender:${owner}`;
}
