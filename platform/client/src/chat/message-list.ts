// A list of some of a conversation's messages, kept up to date while it is shown: those that are pinned, or
// those that answer one. The conversation: conversation.ts.
import type { ServerEvent } from '@belfry/protocol';
import { createSource, type Observable, type Source } from '../observable.ts';
import type { Surroundings, Unsubscribe } from '../types.ts';
import { ConversationLog, type ConversationLogDeps } from './conversation-log.ts';
import type { ChatMessage } from './message-adapter.ts';
import { createReloader, type Reloader } from './reloader.ts';

export interface MessageListSnapshot {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** `idle`: not opened yet. With `failed`, `error`; what may be over later is tried again by itself. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly hasOlder: boolean;
}

export interface MessageList extends Observable<MessageListSnapshot> {
  /** Reads it and keeps it up to date. Until the returned function is called. */
  open(): Unsubscribe;
  /** Reads earlier messages. Rejects with a `CommandError`. */
  loadOlder(): Promise<void>;
}

export interface MessageListDeps extends ConversationLogDeps {
  surroundings: Surroundings;
  /** Whether a message belongs into the list, as it is now. */
  fits: (message: ChatMessage) => boolean;
  /** Whether the message that changed may belong into the list now. */
  mayEnter: (event: ServerEvent) => boolean;
  /** A message of the conversation that is at hand. */
  known: (seq: unknown) => ChatMessage | undefined;
}

/** Functions that an application calls are properties, so that they can be taken out of the object. */
export class MessageListState implements MessageList {
  readonly #deps: MessageListDeps;
  #log: ConversationLog;
  /** Takes the place of the log when it is read: what is not in it any more has left the list. */
  #next: ConversationLog | undefined;
  readonly #reloader: Reloader;
  readonly #source: Source<MessageListSnapshot>;
  #status: MessageListSnapshot['status'] = 'idle';
  #error: MessageListSnapshot['error'];
  #opened = 0;

  constructor(deps: MessageListDeps) {
    const { surroundings } = deps;
    this.#deps = deps;
    this.#log = new ConversationLog(deps);
    this.#source = createSource(this.#build(), surroundings.report);
    this.#reloader = createReloader({
      surroundings,
      read: () => this.#read(),
      failed: ({ code, message }) => {
        this.#error = { code, message };
        if (this.#status === 'loading') this.#status = 'failed';
        this.#show();
      },
    });
  }

  readonly snapshot = (): MessageListSnapshot => this.#source.snapshot();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#source.subscribe(listener);

  readonly open = (): Unsubscribe => {
    this.#opened += 1;
    // While it was not open nothing was kept up to date.
    if (this.#opened === 1) this.reload();
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#opened -= 1;
      if (this.#opened === 0) this.#reloader.pause();
    };
  };

  readonly loadOlder = async (): Promise<void> => {
    await this.#log.readOlder();
    this.#show();
  };

  // From the conversation

  take(message: ChatMessage): void {
    if (this.#opened === 0 || !this.#deps.fits(message)) return;
    for (const log of this.#logs()) {
      // Further back than was read: taken now, what is between the two would never be read.
      const isTooOld = log.hasOlder() && (message.seq ?? Infinity) < (log.messages()[0]?.seq ?? 0);
      if (!isTooOld) log.take(message);
    }
    this.#show();
  }

  change(event: ServerEvent): void {
    if (this.#opened === 0) return;
    const { seq } = event.data;
    const isHeld = this.#log.messages().some((message) => message.seq === seq);
    for (const log of this.#logs()) log.change(event);
    const known = isHeld || !this.#deps.mayEnter(event) ? undefined : this.#deps.known(seq);
    if (known) this.take(known);
    // The page that is being read may be of before; of a message further back only the server has the text.
    else if (isHeld ? this.#next !== undefined : this.#deps.mayEnter(event)) this.#reloader.ask();
    this.#show();
  }

  reload(): void {
    if (this.#opened === 0) return;
    if (this.#status !== 'ready') this.#status = 'loading';
    this.#show();
    this.#reloader.ask();
  }

  /** The chat was stopped; it may be started again. */
  pause(): void {
    this.#reloader.pause();
  }

  forget(): void {
    this.#log = new ConversationLog(this.#deps);
    this.#next = undefined;
    this.#status = 'idle';
    this.#show();
  }

  async #read(): Promise<void> {
    const next = new ConversationLog(this.#deps);
    this.#next = next;
    await next.readNewest();
    if (this.#next !== next) return;
    this.#log = next;
    this.#next = undefined;
    this.#status = 'ready';
    this.#error = undefined;
    this.#show();
  }

  #logs(): ConversationLog[] {
    return this.#next ? [this.#log, this.#next] : [this.#log];
  }

  #show(): void {
    this.#source.set(this.#build());
  }

  #build(): MessageListSnapshot {
    return {
      messages: this.#log.messages().filter((message) => this.#deps.fits(message)),
      status: this.#status,
      error: this.#error,
      hasOlder: this.#log.hasOlder(),
    };
  }
}
