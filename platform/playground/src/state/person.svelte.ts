// One person on the page: user, page, connection, conversation, phone. How it is shown:
// parts/person-pane.svelte.
import { createBelfry, type Belfry, type BelfrySnapshot } from '@belfry/client';
import type { ChatMessage } from '@belfry/client/chat';
import { useConversation, usePins } from '@belfry/client/svelte';
import type { ConnectionInfo } from '@belfry/protocol';
import { SvelteMap } from 'svelte/reactivity';
import type { PlaygroundApi } from './api.ts';
import { FrameLog } from './frame-log.svelte.ts';
import type { Latencies } from './latencies.ts';
import { Phone } from './phone.svelte.ts';
import type { Reach } from './reach.ts';
import { createSimulatedNetwork, type Conditions } from './simulated-network.ts';
import { Trouble } from './trouble.svelte.ts';

export interface Where {
  app: string;
  page: string;
  conversationId: string;
}

/** Shared by both persons of the page. */
export interface Shared {
  api: PlaygroundApi;
  latencies: Latencies;
  reach: Reach;
  /** The server has stored a message that was sent here. */
  onStored: (messageId: string) => void;
}

interface Token {
  text: string;
  expiresAt: string;
}

/** A topic that every token of this page names, so that `subscribe` can be tried on any page. */
export const sampleTopic = 'news';

/**
 * A role that every token of this page has, so that pages which want it, as `/admin` of a first start, can be
 * tried.
 */
const sampleRole = 'admin';

/** What their connections say they are, so that nobody takes them for a page of the app's own. */
const appVersion = 'belfry-playground';

/** The page offers these; others that are given are shown as well. */
export const offeredReactions = ['👍', '❤️', '😄', '👀'] as const;

export class Person {
  readonly side: 'left' | 'right';
  userId = $state('');
  /** Connects without a token. */
  isVisitor = $state(false);
  snapshot: BelfrySnapshot | undefined = $state.raw();
  readonly isConnected = $derived(this.snapshot?.status === 'connected');
  token: Token | undefined = $state.raw();
  connections: readonly ConnectionInfo[] = $state.raw([]);
  /** The code that ended the last connection; undefined when nothing has since this one was asked for. */
  closedWith: number | undefined = $state();
  readonly trouble: Trouble;
  /** Of another device of the same user, while there is one. */
  second: BelfrySnapshot | undefined = $state.raw();
  readonly conditions: Conditions = $state({ offline: false, slow: false, hidden: false });
  readonly frames = new FrameLog();
  /** The conversation of the page; it is open while something shows it. */
  chat: ReturnType<typeof useConversation> | undefined = $state.raw();
  /** The pins of that conversation; read while something shows them. */
  pins: ReturnType<typeof usePins> | undefined = $state.raw();
  /** By cid: how many ms a message took from the other half of the page to here. */
  readonly tookMs = new SvelteMap<string, number>();
  phone: Phone | undefined = $state.raw();
  /** Undefined while nobody has been connected as them. */
  belfry: Belfry | undefined = $state.raw();
  readonly #shared: Shared;
  readonly #network;
  #ends: (() => void)[] = [];
  #where: Where | undefined;
  #secondDevice: Belfry | undefined;

  constructor(side: 'left' | 'right', userId: string, shared: Shared) {
    this.side = side;
    this.userId = userId;
    this.#shared = shared;
    this.trouble = new Trouble(shared.reach);
    this.#network = createSimulatedNetwork(`belfry-playground ${side}`);
  }

  get name(): string {
    return nameOf(this.userId);
  }

  /** Connects to the app on the page. `close` must have ended what was open before. */
  open(where: Where): void {
    const { app, page, conversationId } = where;
    const { userId, isVisitor } = this;
    this.#where = where;
    const { api, onStored, reach } = this.#shared;
    const belfry = createBelfry({
      app,
      url: api.serverUrl,
      page,
      appVersion,
      // The SDK reads the last values of a person who becomes another user as the one before.
      ...(isVisitor ? {} : { getToken: async () => (await this.#tokenOf(app, userId)).text }),
      surroundings: this.#network.surroundings,
    });
    this.belfry = belfry;
    this.chat = isVisitor ? undefined : useConversation(conversationId, belfry);
    this.pins = isVisitor ? undefined : usePins(conversationId, belfry);
    this.phone = isVisitor ? undefined : new Phone(api, { app, userId, belfry, reach });
    this.#network.set(this.conditions);
    this.#ends = [
      belfry.onFrame((frame) => this.frames.take(frame)),
      belfry.subscribe(() => this.#follow(belfry.snapshot())),
      belfry.on('new_message', ({ data }) => this.#arrived(data)),
      belfry.outbox.subscribe(({ sent }) => {
        if (sent !== undefined) onStored(sent.messageId);
      }),
    ];
    this.snapshot = belfry.snapshot();
    this.closedWith = undefined;
    belfry.start();
    belfry.connect();
  }

  /** Again, after `open`. */
  connect(): void {
    this.closedWith = undefined;
    this.belfry?.connect();
  }

  disconnect(): void {
    this.closedWith = undefined;
    this.belfry?.disconnect();
  }

  moveTo(page: string): void {
    this.closedWith = undefined;
    this.belfry?.setPage(page);
  }

  /** Ends everything that `open` began; resolves when the server knows. */
  async close(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    const { belfry, phone } = this;
    this.belfry = undefined;
    this.chat = undefined;
    this.pins = undefined;
    this.snapshot = undefined;
    this.phone = undefined;
    this.connections = [];
    this.trouble.clear();
    this.closedWith = undefined;
    await phone?.takeAway();
    await Promise.all([belfry?.stop(), this.closeSecond()]);
  }

  /** Another device of the same user, on the same page; what it is sent, it acknowledges. */
  openSecond(): void {
    if (this.#where === undefined || this.#secondDevice !== undefined) return;
    const { app } = this.#where;
    const { userId, isVisitor } = this;
    const belfry = createBelfry({
      ...{ app, appVersion, url: this.#shared.api.serverUrl, page: this.snapshot?.page ?? this.#where.page },
      ...(isVisitor ? {} : { getToken: async () => (await this.#tokenOf(app, userId)).text }),
      surroundings: createSimulatedNetwork(`belfry-playground ${this.side} second`).surroundings,
    });
    this.#secondDevice = belfry;
    belfry.subscribe(() => {
      if (this.#secondDevice === belfry) this.second = belfry.snapshot();
    });
    this.second = belfry.snapshot();
    belfry.start();
    belfry.connect();
  }

  async closeSecond(): Promise<void> {
    const belfry = this.#secondDevice;
    this.#secondDevice = undefined;
    this.second = undefined;
    await belfry?.stop();
  }

  simulate(change: Partial<Conditions>): void {
    Object.assign(this.conditions, change);
    this.#network.set(this.conditions);
  }

  /** Returns the cid of the message; undefined where nobody is connected. */
  send(text: string, replyTo?: string): string | undefined {
    const answer = replyTo === undefined ? {} : { replyTo };
    const cid = this.chat?.conversation.send({ type: 'text', content: { text }, ...answer }).cid;
    if (cid !== undefined) this.#shared.latencies.sent(cid);
    return cid;
  }

  /** Gives the reaction, or takes it back. */
  async react({ id, reactions = [] }: ChatMessage, reaction: string): Promise<void> {
    const conversation = this.chat?.conversation;
    if (conversation === undefined || id === undefined) return;
    const isGiven = reactions.some((each) => each.reaction === reaction && each.mine);
    await this.trouble.attempt(() => (isGiven ? conversation.unreact(id, reaction) : conversation.react(id, reaction)));
  }

  /** Pins the message, or takes the pin off. */
  async pin({ id, pinned }: ChatMessage): Promise<void> {
    const conversation = this.chat?.conversation;
    if (conversation === undefined || id === undefined) return;
    await this.trouble.attempt(() => (pinned === undefined ? conversation.pin(id) : conversation.unpin(id)));
  }

  async loadOlder(): Promise<void> {
    const { chat } = this;
    if (chat !== undefined) await this.trouble.attempt(() => chat.conversation.loadOlder());
  }

  async newToken(app: string): Promise<void> {
    await this.trouble.attempt(() => this.#tokenOf(app, this.userId));
  }

  async readConnections(): Promise<void> {
    const { belfry, userId } = this;
    if (belfry === undefined || this.isVisitor) return;
    await this.trouble.attempt(async () => {
      const path = `/users/${encodeURIComponent(userId)}/devices`;
      this.connections = (await belfry.http<{ devices: ConnectionInfo[] }>(path)).devices;
    });
  }

  async #tokenOf(app: string, userId: string): Promise<Token> {
    const user = { userId, name: nameOf(userId), topics: [sampleTopic], roles: [sampleRole] };
    const { token: text, expiresAt } = await this.#shared.api.token(app, user);
    if (userId === this.userId) this.token = { text, expiresAt };
    return { text, expiresAt };
  }

  #arrived({ cid, senderId }: Record<string, unknown>): void {
    if (typeof cid !== 'string' || senderId === this.userId) return;
    const tookMs = this.#shared.latencies.since(cid);
    if (tookMs !== undefined && !this.tookMs.has(cid)) this.tookMs.set(cid, tookMs);
  }

  #follow(snapshot: BelfrySnapshot): void {
    const { lastClose, status } = snapshot;
    // Kept by the SDK for good, also through the next connections.
    if (lastClose !== this.snapshot?.lastClose) this.closedWith = lastClose?.code;
    if (status === 'connected' && this.snapshot?.status !== 'connected') {
      this.closedWith = undefined;
      this.trouble.clear();
    }
    this.snapshot = snapshot;
  }
}

/** With a capital letter. */
function nameOf(userId: string): string {
  return userId.slice(0, 1).toUpperCase() + userId.slice(1);
}
