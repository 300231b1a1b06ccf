// What waits to be sent, as this tab knows it: kept in storage, told to the other tabs, bounded. When it is sent: message-queue.ts.
import type { QueuedMessage, QueueLimits, StoredDraft, Surroundings } from '../types.ts';
import type { Tabs } from './tabs.ts';

export interface BacklogDeps {
  surroundings: Surroundings;
  limits: QueueLimits;
  owner(): string | undefined;
  isPresumed(): boolean;
  openTabs(): Tabs;
  isInFlight(stored: StoredDraft): boolean;
  /** Does not throw. */
  tell: (message: QueuedMessage) => void;
  /** Another user's backlog is here, or another tab told of a change. */
  changed(): void;
}

export interface Entry {
  readonly stored: StoredDraft;
  readonly bytes: number;
  /** Added in this tab, in this life of the page. */
  readonly mine: boolean;
  /** Seen in storage while holding the lock, or mine: other tabs' news may be late, and tell of what was sent already. */
  readonly confirmed: boolean;
  /** Mine, and yet not in storage: another tab sent it and its news are on the way, or the write was lost. */
  readonly missing: boolean;
}

export interface Backlog {
  /** Notices that somebody else is signed in. What was added while nobody was known is the next one's. */
  meetOwner(): string | undefined;
  /** Whether what earlier lives of the page left is known; `changed` is called when it is. */
  isLoaded(): boolean;
  get(cid: string): Entry | undefined;
  inOrder(): Entry[];
  /** Greater than every order seen so far. */
  nextOrder(): number;
  /** Storage is the truth about what waits. Resolves with the conversations whose messages are missing there and must wait. */
  refresh(owner: string): Promise<string[]>;
  keep(entry: Entry): void;
  /** Takes it away for good; `message` is what everybody is told. */
  drop(stored: StoredDraft, message: QueuedMessage): void;
  fail(stored: StoredDraft, error: { code: string; message: string }): void;
  /** Gives up the oldest until the bounds are kept; those that failed already first. */
  makeRoom(): void;
  giveUpOld(): void;
  tabs(): Tabs;
  /** Resolves when what was changed is in storage, or could not be written. */
  written(): Promise<unknown>;
  close(): Promise<void>;
}

/** What every tab is told of a change. */
interface News {
  owner: string;
  order: number;
  message: QueuedMessage;
  /** It waits no more. */
  gone: boolean;
}

export const queueFull = { code: 'queue_full', message: 'Too much waits to be sent.' };

export function createBacklog(deps: BacklogDeps): Backlog {
  const { surroundings, limits, tell } = deps;
  const { clock } = surroundings;
  const entries = new Map<string, Entry>();
  /** Added while the owner was presumed. If it is another, they are his: nobody else was here to write them. */
  const presumed = new Set<string>();
  const writes = new Set<Promise<void>>();
  let opened: Tabs | undefined;
  let owner: string | undefined;
  let lastOrder = 0;
  let loaded = false;

  return {
    meetOwner,
    inOrder,
    refresh,
    keep,
    drop,
    fail,
    tabs,
    get: (cid) => entries.get(cid),
    nextOrder,
    isLoaded: () => loaded,
    makeRoom() {
      let bytes = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
      const failedFirst = inOrder().sort((a, b) => Number(!a.stored.error) - Number(!b.stored.error));
      for (const { stored, bytes: own } of failedFirst) {
        if (entries.size <= limits.maxCount && bytes <= limits.maxBytes) return;
        if (deps.isInFlight(stored)) continue;
        bytes -= own;
        drop(stored, failedView(stored, queueFull));
      }
    },
    giveUpOld() {
      for (const { stored } of entries.values()) {
        if (stored.error || deps.isInFlight(stored) || clock.now() - stored.queuedAt < limits.maxAgeMs) continue;
        fail(stored, { code: 'too_old', message: 'It could not be sent in time.' });
      }
    },
    written,
    async close() {
      await written();
      opened?.close();
    },
  };

  function meetOwner(): string | undefined {
    const now = deps.owner();
    const isAnother = now !== owner;
    if (isAnother) {
      if (now !== undefined && !deps.isPresumed()) disown();
      owner = now;
      loaded = false;
      for (const [cid, { stored }] of entries) if (stored.owner !== '') entries.delete(cid);
    }
    if (isAnother || !deps.isPresumed()) presumed.clear();
    if (isAnother && now !== undefined) void load(now).catch(surroundings.report);
    return now;
  }

  function disown(): void {
    for (const cid of presumed) {
      const entry = entries.get(cid);
      if (!entry) continue;
      write(tabs().storage.remove(entry.stored.owner, cid));
      entries.set(cid, { ...entry, stored: { ...entry.stored, owner: '' } });
    }
  }

  /** What was added before is younger than what is found, whatever the clocks said: it is numbered and stored only now. */
  async function load(of: string): Promise<void> {
    const drafts = await tabs().storage.load(of);
    if (owner !== of) return;
    loaded = true;
    const early = inOrder();
    for (const stored of drafts) {
      put(stored, { confirmed: false });
      tell(viewOf(stored));
    }
    for (const entry of early) {
      if (!entry.mine) continue;
      const stored = { ...entry.stored, owner: of, order: nextOrder() };
      entries.set(stored.cid, { ...entry, stored });
      store(stored);
    }
    deps.changed();
  }

  async function refresh(of: string): Promise<string[]> {
    const before = [...entries.keys()];
    const drafts = await tabs().storage.load(of);
    if (owner !== of) return [];
    const present = new Set<string>();
    for (const stored of drafts) {
      const entry = entries.get(stored.cid);
      present.add(stored.cid);
      put(stored, { confirmed: true });
      if (!entry) tell(viewOf(stored));
    }
    const waiting: string[] = [];
    for (const cid of before) {
      const entry = entries.get(cid);
      if (!entry || present.has(cid)) continue;
      if (!entry.mine) entries.delete(cid);
      else if (entry.missing) keep({ ...entry, missing: false });
      else {
        entries.set(cid, { ...entry, missing: true });
        waiting.push(entry.stored.draft.conversationId);
      }
    }
    return waiting;
  }

  function put(stored: StoredDraft, { confirmed }: { confirmed: boolean }): void {
    const entry = entries.get(stored.cid);
    lastOrder = Math.max(lastOrder, stored.order);
    entries.set(stored.cid, {
      stored,
      bytes: entry?.bytes ?? bytesOf(stored.draft),
      mine: entry?.mine ?? false,
      confirmed: confirmed || (entry?.confirmed ?? false),
      missing: false,
    });
  }

  function keep(entry: Entry): void {
    const { stored } = entry;
    const own = stored.owner === (owner ?? '');
    if (own) entries.set(stored.cid, entry);
    if (own && entry.mine && deps.isPresumed()) presumed.add(stored.cid);
    // Told before it is stored: so no tab finds it in storage, sends it, and hears only then that it waits.
    if (own) tell(viewOf(stored));
    if (loaded || !own) store(stored);
  }

  function store(stored: StoredDraft): void {
    const { owner: by, order, cid } = stored;
    const tellTabs = (): void => tabs().post({ owner: by, order, message: viewOf(stored), gone: false } satisfies News);
    tellTabs();
    const putAndTell = async (): Promise<void> => {
      await tabs().storage.put(stored);
      // A tab that was opened meanwhile has not heard of it, and may not have found it.
      if (entries.get(cid)?.stored === stored) tellTabs();
    };
    write(putAndTell());
  }

  function drop(stored: StoredDraft, message: QueuedMessage): void {
    if (stored.owner === (owner ?? '')) entries.delete(stored.cid);
    const { owner: by, order, cid } = stored;
    if (by === (owner ?? '')) tell(message);
    if (by === '') return;
    tabs().post({ owner: by, order, message, gone: true } satisfies News);
    write(tabs().storage.remove(by, cid));
  }

  function fail(stored: StoredDraft, error: { code: string; message: string }): void {
    const entry = entries.get(stored.cid) ?? { bytes: bytesOf(stored.draft), mine: false };
    keep({ ...entry, stored: { ...stored, error }, confirmed: true, missing: false });
  }

  function hear({ owner: by, order, message, gone }: News): void {
    const { cid, draft, queuedAt, error } = message;
    const stored = { owner: by, cid, draft, queuedAt, order, ...(error && { error }) };
    if (by !== meetOwner() || deps.isInFlight(stored)) return;
    if (gone) entries.delete(cid);
    else put(stored, { confirmed: false });
    tell(message);
    deps.changed();
  }

  function write(done: Promise<void>): void {
    const noted = done.catch(surroundings.report).finally(() => void writes.delete(noted));
    writes.add(noted);
  }

  function written(): Promise<unknown> {
    return Promise.all(writes);
  }

  function tabs(): Tabs {
    if (!opened) {
      opened = deps.openTabs();
      opened.onNews((news) => hear(news as News));
    }
    return opened;
  }

  function nextOrder(): number {
    lastOrder = Math.max(lastOrder + 1, clock.now() * 1000);
    return lastOrder;
  }

  function inOrder(): Entry[] {
    return [...entries.values()].sort((a, b) => a.stored.order - b.stored.order);
  }
}

export function viewOf({ cid, draft, queuedAt, error }: StoredDraft): QueuedMessage {
  return { cid, draft, queuedAt, state: error ? 'failed' : 'queued', ...(error && { error }) };
}

export function failedView(stored: StoredDraft, error: { code: string; message: string }): QueuedMessage {
  return { ...viewOf(stored), state: 'failed', error };
}

/** UTF-8, as in a frame. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
