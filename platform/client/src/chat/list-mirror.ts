// Keeps the list of conversations a mirror of the server's (docs/protocol.md): which rows are read, when, and
// what events change beside messages. The rows: conversation-list.ts; showing them: chat-state.ts.
import type { EventData, ServerEvent } from '@belfry/protocol';
import type { CommandFailure, Surroundings } from '../types.ts';
import type { ChatApi, ConversationEntry, ConversationPage } from './chat-api.ts';
import type { ConversationList } from './conversation-list.ts';
import { createReloader, type Reloader } from './reloader.ts';

export interface ListMirrorDeps {
  surroundings: Surroundings;
  api: Pick<ChatApi, 'conversations'>;
  list: ConversationList;
  /** The user whose list it is. */
  me: () => string | undefined;
  /** The row is there, and as the server has it. */
  taken: (id: string) => void;
  /** The user is not in it any more. */
  removed: (id: string) => void;
  /** The first page was read. */
  ready: () => void;
  /** Rows are others. */
  show: () => void;
  failed: (failure: CommandFailure) => void;
}

const pageSize = 50;
/** Of one request (docs/protocol.md). */
const maxRows = 100;

export class ListMirror {
  readonly #deps: ListMirrorDeps;
  readonly #reloader: Reloader;
  #isPageWanted = false;
  readonly #wanted = new Set<string>();
  /** For each request that is under way, the rows that events changed meanwhile. */
  readonly #asking = new Set<Set<string>>();
  /** Read once more since what the user has read here was on its way to the server. */
  readonly #again = new Set<string>();
  #nextCursor: string | undefined;

  constructor(deps: ListMirrorDeps) {
    this.#deps = deps;
    const { surroundings, failed } = deps;
    this.#reloader = createReloader({ surroundings, failed, read: () => this.#read() });
  }

  /** There are rows beyond those that were read. */
  hasMore(): boolean {
    return this.#nextCursor !== undefined;
  }

  /** What is held may be behind: the first page is read, and every row that is held beyond it. */
  readAnew(): void {
    this.#isPageWanted = true;
    this.#reloader.ask();
  }

  /** Only the server knows these rows now. One that does not come is not in the list any more. */
  readRows(...ids: string[]): void {
    for (const id of ids) this.#wanted.add(id);
    if (this.#wanted.size > 0) this.#reloader.ask();
  }

  /** Rejects with a `CommandError`. */
  async readMore(): Promise<void> {
    for (let isNew = false; this.#nextCursor !== undefined && !isNew;) {
      const cursor = this.#nextCursor;
      const { page, changed } = await this.#ask({ cursor });
      if (this.#nextCursor !== cursor) return;
      this.#nextCursor = page.nextCursor;
      // A page of rows that are held already, as after an absence, would look like nothing had happened.
      isNew = page.conversations.some(({ id }) => !this.#deps.list.get(id));
      this.#take(page.conversations, changed);
    }
  }

  /** False: the event is none of the list's own. */
  receive({ action, data }: ServerEvent): boolean {
    const { list, me, taken, removed } = this.#deps;
    if (action === 'conversation_added') {
      const { conversation } = data as EventData<'conversation_added'>;
      this.#mark(conversation.id);
      list.take(conversation, me());
      taken(conversation.id);
    } else if (action === 'conversation_changed') {
      const change = data as EventData<'conversation_changed'>;
      this.#mark(change.conversationId);
      if (!list.get(change.conversationId)) return true;
      list.change(change);
      if (change.participants?.more) this.readRows(change.conversationId);
    } else if (action === 'conversation_removed') {
      const { conversationId } = data as EventData<'conversation_removed'>;
      this.#mark(conversationId);
      list.remove(conversationId);
      removed(conversationId);
    } else return false;
    return true;
  }

  /** It is another user's list from now on. */
  forget(): void {
    this.#wanted.clear();
    this.#nextCursor = undefined;
    this.#deps.list.clear();
  }

  pause(): void {
    this.#reloader.pause();
  }

  async #read(): Promise<void> {
    if (this.#isPageWanted) await this.#readFirstPage();
    while (this.#wanted.size > 0) await this.#readWanted();
  }

  async #readFirstPage(): Promise<void> {
    const { list, me, ready } = this.#deps;
    const of = me();
    this.#isPageWanted = false;
    const { page, changed } = await this.#ask({ limit: pageSize }).catch((error: unknown) => {
      this.#isPageWanted = true;
      throw error;
    });
    if (of !== undefined && of !== me()) return;
    const isIn = new Set(page.conversations.map(({ id }) => id));
    for (const { id } of list.inOrder()) if (!isIn.has(id)) this.#wanted.add(id);
    this.#nextCursor = page.nextCursor;
    this.#take(page.conversations, changed);
    ready();
  }

  async #readWanted(): Promise<void> {
    const { list, me, removed, show } = this.#deps;
    const of = me();
    const ids = [...this.#wanted].slice(0, maxRows);
    for (const id of ids) this.#wanted.delete(id);
    const { page, changed } = await this.#ask({ conversationIds: ids }).catch((error: unknown) => {
      if (of === me()) for (const id of ids) this.#wanted.add(id);
      throw error;
    });
    if (of !== me()) return;
    const isIn = new Set(page.conversations.map(({ id }) => id));
    for (const id of ids.filter((each) => !isIn.has(each))) {
      if (changed.has(id)) this.#wanted.add(id);
      else if (list.remove(id)) removed(id);
    }
    this.#take(page.conversations, changed);
    show();
  }

  async #ask(query: NonNullable<Parameters<ChatApi['conversations']>[0]>): Promise<Asked> {
    const changed = new Set<string>();
    this.#asking.add(changed);
    try {
      return { page: await this.#deps.api.conversations(query), changed };
    } finally {
      this.#asking.delete(changed);
    }
  }

  #mark(id: string): void {
    for (const changed of this.#asking) changed.add(id);
  }

  #take(entries: readonly ConversationEntry[], changed: ReadonlySet<string>): void {
    const { list, me, taken } = this.#deps;
    for (const entry of entries) {
      const { id } = entry;
      // The row may be older than the event: whatever is true, the server says it now.
      if (changed.has(id)) {
        this.readRows(id);
        continue;
      }
      const isSure = list.take(entry, me());
      taken(id);
      if (isSure || this.#again.has(id)) this.#again.delete(id);
      else {
        this.#again.add(id);
        this.readRows(id);
      }
    }
  }
}

interface Asked {
  page: ConversationPage;
  changed: ReadonlySet<string>;
}
