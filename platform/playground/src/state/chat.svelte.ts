// One conversation as one person sees it: messages in order, what is on its way, who types, what was read. Sending is the SDK's.
import type { Belfry, QueuedMessage, ServerEvent } from '@belfry/client';
import type { Message } from '@belfry/protocol';

export interface ChatLine {
  /** The cid of one's own, the id of others'. */
  key: string;
  messageId: string | undefined;
  cid: string | undefined;
  seq: number | undefined;
  senderId: string;
  type: string;
  text: string;
  /** ms since the epoch. */
  at: number;
  state: 'queued' | 'sent' | 'failed' | 'received' | 'deleted';
  isEdited: boolean;
  /** From the sender's click to here, where both were on this page. */
  tookMs: number | undefined;
  failure: string | undefined;
}

/** What the chats of a page have in common. */
export interface ChatShared {
  /** When messages of this page were handed over, by cid: what latencies are counted from. */
  sentTimes: Record<string, number>;
  /** The server has stored one that was sent here. */
  onStored: (messageId: string) => void;
}

const historyCount = 30;
const maxLines = 200;

export class Chat {
  lines: readonly ChatLine[] = $state.raw([]);
  typing: string | undefined = $state();
  #readUpTo = $state(0);
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #belfry: Belfry;
  readonly #conversationId: string;
  readonly #shared: ChatShared;

  constructor(belfry: Belfry, conversationId: string, shared: ChatShared) {
    this.#belfry = belfry;
    this.#conversationId = conversationId;
    this.#shared = shared;
  }

  /** Returns what ends it. */
  follow(): () => void {
    const on = (action: string, take: (event: ServerEvent) => void): (() => void) =>
      this.#belfry.on(action, (event) => {
        if (event.conversationId === this.#conversationId) take(event);
      });
    const ends = [
      on('new_message', (event) => this.#arrived(event)),
      on('consultation_reply', (event) => this.#arrived(event)),
      on('message_edited', ({ data }) =>
        this.#change(String(data['messageId']), { text: textOf(data), isEdited: true }),
      ),
      on('message_deleted', ({ data }) => this.#change(String(data['messageId']), { text: '', state: 'deleted' })),
      on('typing_status', ({ data }) => this.#typed(data)),
      on('read_status', ({ data }) => {
        if (data['userId'] !== this.#me) this.#readUpTo = Math.max(this.#readUpTo, Number(data['seq']));
      }),
      this.#belfry.outbox.subscribe((message) => this.#moved(message)),
    ];
    return () => {
      clearTimeout(this.#typingTimer);
      for (const end of ends) end();
    };
  }

  /** Whether somebody else has read this one of mine. */
  isRead({ senderId, seq }: ChatLine): boolean {
    return senderId === this.#me && seq !== undefined && seq <= this.#readUpTo;
  }

  get #me(): string {
    return this.#belfry.snapshot().userId ?? '';
  }

  /** What was said before this page was open, or while it could not listen. */
  async load(): Promise<void> {
    const { messages } = await this.#belfry.command('history', {
      conversationId: this.#conversationId,
      limit: historyCount,
    });
    for (const message of messages) this.#put(lineOf(message));
  }

  send(draft: { type: string; content: Record<string, unknown> }): QueuedMessage {
    const queued = this.#belfry.send({ conversationId: this.#conversationId, ...draft });
    this.#shared.sentTimes[queued.cid] = Date.now();
    this.#moved(queued);
    return queued;
  }

  #arrived({ data, seq, timestamp }: ServerEvent): void {
    const cid = typeof data['cid'] === 'string' ? data['cid'] : undefined;
    const senderId = String(data['senderId']);
    const sentAt = cid === undefined ? undefined : this.#shared.sentTimes[cid];
    const isMine = senderId === this.#me;
    this.#put({
      key: isMine ? (cid ?? String(data['messageId'])) : String(data['messageId']),
      messageId: String(data['messageId']),
      cid,
      seq,
      senderId,
      type: String(data['type']),
      text: textOf(data),
      at: Date.parse(timestamp),
      state: isMine ? 'sent' : 'received',
      isEdited: data['editedAt'] !== undefined,
      tookMs: isMine || sentAt === undefined ? undefined : Date.now() - sentAt,
      failure: undefined,
    });
    if (this.typing === senderId) this.typing = undefined;
  }

  #moved({ cid, draft, state, queuedAt, sent, error }: QueuedMessage): void {
    if (draft.conversationId !== this.#conversationId) return;
    if (sent !== undefined) this.#shared.onStored(sent.messageId);
    this.#put({
      key: cid,
      messageId: sent?.messageId,
      cid,
      seq: sent?.seq,
      senderId: this.#me,
      type: draft.type,
      text: textOf(draft),
      at: sent === undefined ? queuedAt : Date.parse(sent.timestamp),
      state,
      isEdited: false,
      tookMs: undefined,
      failure: error?.message,
    });
  }

  #typed({ userId, isTyping, expiresInMs }: Record<string, unknown>): void {
    clearTimeout(this.#typingTimer);
    this.typing = isTyping === true ? String(userId) : undefined;
    this.#typingTimer = setTimeout(() => (this.typing = undefined), Number(expiresInMs));
  }

  #change(messageId: string, change: Partial<ChatLine>): void {
    this.lines = this.lines.map((line) => (line.messageId === messageId ? { ...line, ...change } : line));
  }

  /** What is known of it already is not lost: history says nothing of latencies, and a read from the log may be older than an edit. */
  #put(line: ChatLine): void {
    const known = this.lines.find(
      ({ key, messageId }) => key === line.key || (messageId !== undefined && messageId === line.messageId),
    );
    if (known === undefined) {
      this.lines = inOrder([...this.lines, line]).slice(-maxLines);
      return;
    }
    const merged: ChatLine = {
      ...line,
      key: known.key,
      messageId: line.messageId ?? known.messageId,
      cid: line.cid ?? known.cid,
      seq: line.seq ?? known.seq,
      tookMs: known.tookMs ?? line.tookMs,
      state: known.state === 'deleted' ? 'deleted' : line.state,
    };
    this.lines = inOrder(this.lines.map((each) => (each === known ? merged : each)));
  }
}

/** By place in the conversation; what has none yet comes last. */
function inOrder(lines: readonly ChatLine[]): readonly ChatLine[] {
  return lines.toSorted((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || a.at - b.at);
}

function lineOf(message: Message): ChatLine {
  const { messageId, cid, seq, senderId, timestamp, action, type = action, content, data } = message;
  return {
    key: messageId,
    messageId,
    cid,
    seq,
    senderId: senderId ?? '',
    type,
    text: textOf({ type, content: content ?? data }),
    at: Date.parse(timestamp),
    state: message.deletedAt === undefined ? 'received' : 'deleted',
    isEdited: message.editedAt !== undefined,
    tookMs: undefined,
    failure: undefined,
  };
}

/** A message in a line of text, whatever its type. */
function textOf({ type, content }: { type?: unknown; content?: unknown }): string {
  if (typeof content !== 'object' || content === null) return '';
  const { text, name, title } = content as Record<string, unknown>;
  const said = [text, title, name].find((part) => typeof part === 'string');
  return said ?? `[${String(type)}] ${JSON.stringify(content)}`;
}
