// The part of a conversation's log that was read, page by page, and the messages that came since. How
// messages are merged: message-log.ts; when it is read: conversation.ts.
import type { Message, ServerEvent } from '@belfry/protocol';
import type { ChatApi } from './chat-api.ts';
import { changed, fromStored, type ChatMessage } from './message-adapter.ts';
import { from, merge, newestSeq, replace, type Log } from './message-log.ts';

export interface ConversationLogDeps {
  id: string;
  api: Pick<ChatApi, 'messages'>;
  /** The user whose messages are `mine`. */
  me: () => string | undefined;
}

const pageSize = 50;
/** Pages read again after a new connection: what is older is read again when it is scrolled to. */
const maxReloadPages = 4;

export class ConversationLog {
  readonly #deps: ConversationLogDeps;
  #log: Log = [];
  #hasOlder = false;
  /** Goes up when what is held is thrown away: a page that is on its way then is of no use. */
  #generation = 0;

  constructor(deps: ConversationLogDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  messages(): Log {
    return this.#log;
  }

  hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** 0 when there is none. */
  newestSeq(): number {
    return newestSeq(this.#log);
  }

  countOfOthersAfter(seq: number): number {
    return this.#log.filter((message) => !message.mine && !message.deletedAt && (message.seq ?? 0) > seq).length;
  }

  take(message: ChatMessage): void {
    this.#log = merge(this.#log, [message]);
  }

  /** `message_edited`, `message_deleted` or `message_updated`. */
  change(event: ServerEvent): void {
    this.#log = replace(this.#log, event.data['seq'], (message) => changed(message, event, this.#deps.me()));
  }

  clear(): void {
    this.#generation += 1;
    this.#log = [];
    this.#hasOlder = false;
  }

  /** Says later whether what is held is still of the log, and the user, of now. */
  generation(): () => boolean {
    const generation = this.#generation;
    return () => generation === this.#generation;
  }

  /** Resolves with the newest message that was read. */
  async readNewest(): Promise<ChatMessage | undefined> {
    const isCurrent = this.generation();
    const { id, api } = this.#deps;
    let page = await api.messages(id, { limit: pageSize });
    let all = this.#adapt(page.messages);
    const oldest = this.#log[0]?.seq ?? Infinity;
    // Messages that are shown are read again: they may have been changed while no event came.
    for (let pages = 1; page.hasMore && pages < maxReloadPages; pages += 1) {
      const first = all[0]?.seq ?? 0;
      if (first <= oldest) break;
      page = await api.messages(id, { beforeSeq: first, limit: pageSize });
      all = [...this.#adapt(page.messages), ...all];
    }
    if (isCurrent()) {
      // Messages that came meanwhile stay; those older than was read are left for `readOlder`, or there would
      // be a hole.
      this.#log = merge(from(this.#log, all[0]?.seq ?? 0), all);
      this.#hasOlder = page.hasMore;
    }
    return all.at(-1);
  }

  async readOlder(): Promise<void> {
    const first = this.#log[0]?.seq;
    if (first === undefined || !this.#hasOlder) return;
    const isCurrent = this.generation();
    const page = await this.#deps.api.messages(this.#deps.id, { beforeSeq: first, limit: pageSize });
    if (!isCurrent() || this.#log[0]?.seq !== first) return;
    this.#log = merge(this.#log, this.#adapt(page.messages));
    this.#hasOlder = page.hasMore;
  }

  #adapt(messages: readonly Message[]): ChatMessage[] {
    return messages.map((message) => fromStored(message, this.#deps.me()));
  }
}
