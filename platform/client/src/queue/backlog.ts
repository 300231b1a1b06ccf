// The messages that wait to be sent, as this tab knows them: kept in storage, published to the other tabs,
// bounded. When it is sent: message-queue.ts.
import type { Clock, QueuedMessage, QueueLimits, StoredDraft, Surroundings } from '../types.ts';
import type { QueueOwner } from './queue-owner.ts';
import { bytesOf, failedView, queueFull, viewOf } from './queued-view.ts';
import type { Tabs } from './tabs.ts';

export interface BacklogDeps {
  surroundings: Pick<Surroundings, 'clock' | 'report'>;
  limits: QueueLimits;
  owner: Pick<QueueOwner, 'current' | 'isPresumed'>;
  openTabs(): Tabs;
  isInFlight: (stored: StoredDraft) => boolean;
  /** Does not throw. */
  onMessage: (message: QueuedMessage) => void;
  /** Another user's backlog is here, or another tab published a change. */
  changed: () => void;
}

export interface Entry {
  readonly stored: StoredDraft;
  readonly bytes: number;
  /** Added in this tab, in this life of the page. */
  readonly mine: boolean;
  /**
   * Seen in storage while holding the lock, or mine: other tabs' news may be late, and be of what was sent
   * already.
   */
  readonly confirmed: boolean;
  /** Mine, and yet not in storage: another tab sent it and its news are on the way, or the write was lost. */
  readonly missing: boolean;
}

/** A change as every tab is sent it. */
interface News {
  owner: string;
  order: number;
  message: QueuedMessage;
  /** It waits no more. */
  gone: boolean;
}

export class Backlog {
  readonly #deps: BacklogDeps;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /**
   * Added while the owner was presumed. If it is another, they are that user's: nobody else was here to write
   * them.
   */
  readonly #presumed = new Set<string>();
  readonly #writes = new Set<Promise<void>>();
  #tabs: Tabs | undefined;
  #owner: string | undefined;
  #lastOrder = 0;
  #isLoaded = false;

  constructor(deps: BacklogDeps) {
    this.#deps = deps;
    this.#clock = deps.surroundings.clock;
  }

  /** Notices that somebody else is signed in. What was added while nobody was known is the next user's. */
  meetOwner(): string | undefined {
    const { owner, surroundings } = this.#deps;
    const now = owner.current();
    const isAnother = now !== this.#owner;
    if (isAnother) {
      if (now !== undefined && !owner.isPresumed()) this.#disown();
      this.#owner = now;
      this.#isLoaded = false;
      for (const [cid, { stored }] of this.#entries) if (stored.owner !== '') this.#entries.delete(cid);
    }
    if (isAnother || !owner.isPresumed()) this.#presumed.clear();
    if (isAnother && now !== undefined) void this.#load(now).catch(surroundings.report);
    return now;
  }

  /** Whether what earlier lives of the page left is known; `changed` is called when it is. */
  isLoaded(): boolean {
    return this.#isLoaded;
  }

  get(cid: string): Entry | undefined {
    return this.#entries.get(cid);
  }

  inOrder(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.stored.order - b.stored.order);
  }

  /** Greater than every order seen so far. */
  nextOrder(): number {
    this.#lastOrder = Math.max(this.#lastOrder + 1, this.#clock.now() * 1000);
    return this.#lastOrder;
  }

  /**
   * Storage is the truth about what waits. Resolves with the conversations whose messages are missing there
   * and must wait.
   */
  async refresh(owner: string): Promise<string[]> {
    const before = [...this.#entries.keys()];
    const drafts = await this.tabs().storage.load(owner);
    if (this.#owner !== owner) return [];
    const present = new Set<string>();
    for (const stored of drafts) {
      const isNew = !this.#entries.has(stored.cid);
      present.add(stored.cid);
      this.#put(stored, { confirmed: true });
      if (isNew) this.#deps.onMessage(viewOf(stored));
    }
    const waiting: string[] = [];
    for (const cid of before) {
      const entry = this.#entries.get(cid);
      if (!entry || present.has(cid)) continue;
      if (!entry.mine) this.#entries.delete(cid);
      else if (entry.missing) this.keep({ ...entry, missing: false });
      else {
        this.#entries.set(cid, { ...entry, missing: true });
        waiting.push(entry.stored.draft.conversationId);
      }
    }
    return waiting;
  }

  keep(entry: Entry): void {
    const { stored } = entry;
    const isOwn = stored.owner === (this.#owner ?? '');
    if (isOwn) {
      this.#entries.set(stored.cid, entry);
      if (entry.mine && this.#deps.owner.isPresumed()) this.#presumed.add(stored.cid);
      // Before it is stored: so no tab finds it in storage, sends it, and hears only then that it waits.
      this.#deps.onMessage(viewOf(stored));
    }
    if (this.#isLoaded || !isOwn) this.#store(stored);
  }

  /** Takes it away for good; `message` is what everybody is shown. */
  drop({ owner, order, cid }: StoredDraft, message: QueuedMessage): void {
    if (owner === (this.#owner ?? '')) {
      this.#entries.delete(cid);
      this.#deps.onMessage(message);
    }
    if (owner === '') return;
    this.#publish({ owner, order, message, gone: true });
    this.#write(this.tabs().storage.remove(owner, cid));
  }

  fail(stored: StoredDraft, error: { code: string; message: string }): void {
    const entry = this.#entries.get(stored.cid) ?? { bytes: bytesOf(stored.draft), mine: false };
    this.keep({ ...entry, stored: { ...stored, error }, confirmed: true, missing: false });
  }

  /** Gives up the oldest until the bounds are kept; those that failed already first. */
  makeRoom(): void {
    const { limits, isInFlight } = this.#deps;
    let bytes = [...this.#entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    const failedFirst = this.inOrder().sort((a, b) => Number(!a.stored.error) - Number(!b.stored.error));
    for (const { stored, bytes: own } of failedFirst) {
      if (this.#entries.size <= limits.maxCount && bytes <= limits.maxBytes) return;
      if (isInFlight(stored)) continue;
      bytes -= own;
      this.drop(stored, failedView(stored, queueFull));
    }
  }

  giveUpOld(): void {
    const { limits, isInFlight } = this.#deps;
    for (const { stored } of this.#entries.values()) {
      if (stored.error || isInFlight(stored) || this.#clock.now() - stored.queuedAt < limits.maxAgeMs) continue;
      this.fail(stored, { code: 'too_old', message: 'It could not be sent in time.' });
    }
  }

  tabs(): Tabs {
    if (!this.#tabs) {
      this.#tabs = this.#deps.openTabs();
      this.#tabs.onNews((news) => this.#hear(news as News));
    }
    return this.#tabs;
  }

  /** Resolves when what was changed is in storage, or could not be written. */
  async written(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async close(): Promise<void> {
    await this.written();
    this.#tabs?.close();
  }

  #disown(): void {
    for (const cid of this.#presumed) {
      const entry = this.#entries.get(cid);
      if (!entry) continue;
      this.#write(this.tabs().storage.remove(entry.stored.owner, cid));
      this.#entries.set(cid, { ...entry, stored: { ...entry.stored, owner: '' } });
    }
  }

  /**
   * Messages added before are younger than those found, whatever the clocks said: they are numbered and
   * stored only now.
   */
  async #load(owner: string): Promise<void> {
    const drafts = await this.tabs().storage.load(owner);
    if (this.#owner !== owner) return;
    this.#isLoaded = true;
    const early = this.inOrder();
    for (const stored of drafts) {
      this.#put(stored, { confirmed: false });
      this.#deps.onMessage(viewOf(stored));
    }
    for (const entry of early) {
      if (!entry.mine) continue;
      const stored = { ...entry.stored, owner, order: this.nextOrder() };
      this.#entries.set(stored.cid, { ...entry, stored });
      this.#store(stored);
    }
    this.#deps.changed();
  }

  #put(stored: StoredDraft, { confirmed }: { confirmed: boolean }): void {
    const entry = this.#entries.get(stored.cid);
    this.#lastOrder = Math.max(this.#lastOrder, stored.order);
    this.#entries.set(stored.cid, {
      stored,
      bytes: entry?.bytes ?? bytesOf(stored.draft),
      mine: entry?.mine ?? false,
      confirmed: confirmed || (entry?.confirmed ?? false),
      missing: false,
    });
  }

  #store(stored: StoredDraft): void {
    const { owner, order, cid } = stored;
    const news = { owner, order, message: viewOf(stored), gone: false };
    this.#publish(news);
    const putAndPublish = async (): Promise<void> => {
      await this.tabs().storage.put(stored);
      // A tab that was opened meanwhile has not heard of it, and may not have found it.
      if (this.#entries.get(cid)?.stored === stored) this.#publish(news);
    };
    this.#write(putAndPublish());
  }

  #publish(news: News): void {
    this.tabs().post(news);
  }

  #hear({ owner, order, message, gone }: News): void {
    const { onMessage, changed, isInFlight } = this.#deps;
    const { cid, draft, queuedAt, error } = message;
    const stored = { owner, cid, draft, queuedAt, order, ...(error && { error }) };
    if (owner !== this.meetOwner() || isInFlight(stored)) return;
    if (gone) this.#entries.delete(cid);
    else this.#put(stored, { confirmed: false });
    onMessage(message);
    changed();
  }

  #write(done: Promise<void>): void {
    const written = done.catch(this.#deps.surroundings.report).finally(() => void this.#writes.delete(written));
    this.#writes.add(written);
  }
}
