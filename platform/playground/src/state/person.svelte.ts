// One person on the page: who they are, where, their connection, what they see of it. What is shown of that: parts/person-pane.svelte.
import { createBelfry, type Belfry, type BelfrySnapshot } from '@belfry/client';
import type { ConnectionInfo } from '@belfry/protocol';
import type { PlaygroundApi } from './api.ts';
import { Chat, type ChatShared } from './chat.svelte.ts';
import { FrameLog } from './frame-log.svelte.ts';
import { Phone } from './phone.svelte.ts';
import { createSimulatedNetwork, type Conditions } from './simulated-network.ts';

export interface Where {
  app: string;
  page: string;
  conversationId: string;
}

/** A topic that every token of this page names, so that `subscribe` can be tried on any page. */
export const sampleTopic = 'news';

export class Person {
  readonly side: 'left' | 'right';
  userId = $state('');
  snapshot: BelfrySnapshot | undefined = $state.raw();
  readonly isConnected = $derived(this.snapshot?.status === 'connected');
  token: { text: string; expiresAt: string } | undefined = $state.raw();
  connections: readonly ConnectionInfo[] = $state.raw([]);
  problem: string | undefined = $state();
  readonly conditions: Conditions = $state({ offline: false, slow: false, hidden: false });
  readonly frames = new FrameLog();
  chat: Chat | undefined = $state.raw();
  phone: Phone | undefined = $state.raw();
  /** Undefined while nobody has been connected as them. */
  belfry: Belfry | undefined = $state.raw();
  readonly #api: PlaygroundApi;
  readonly #shared: ChatShared;
  readonly #network;
  #ends: (() => void)[] = [];

  constructor(side: 'left' | 'right', userId: string, shared: ChatShared & { api: PlaygroundApi }) {
    this.side = side;
    this.userId = userId;
    this.#api = shared.api;
    this.#shared = shared;
    this.#network = createSimulatedNetwork(`belfry-playground ${side}`);
  }

  /** As people write it. */
  get name(): string {
    return this.userId.slice(0, 1).toUpperCase() + this.userId.slice(1);
  }

  /** Connects, as whom and where the page says; what was there before for somebody else, or elsewhere, ends. */
  open({ app, page, conversationId }: Where): void {
    const { userId } = this;
    const belfry = createBelfry({
      app,
      url: this.#api.serverUrl,
      page,
      getToken: async () => (await this.newToken(app)).text,
      surroundings: this.#network.surroundings,
    });
    const chat = new Chat(belfry, conversationId, this.#shared);
    this.belfry = belfry;
    this.chat = chat;
    this.phone = new Phone(this.#api, { app, userId, belfry });
    this.#network.set(this.conditions);
    let synced = belfry.snapshot().syncSignal;
    this.#ends = [
      belfry.onFrame((frame) => this.frames.take(frame)),
      belfry.subscribe(() => {
        const snapshot = belfry.snapshot();
        this.snapshot = snapshot;
        if (snapshot.syncSignal !== synced) {
          synced = snapshot.syncSignal;
          if (belfry.hasFeature('messaging')) void this.#attempt(chat.load());
        }
      }),
      chat.follow(),
    ];
    this.snapshot = belfry.snapshot();
    belfry.start();
    belfry.connect();
  }

  /** Ends all of it; resolves when the server knows. */
  async close(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    const { belfry, phone } = this;
    this.belfry = undefined;
    this.chat = undefined;
    this.snapshot = undefined;
    this.phone = undefined;
    this.connections = [];
    await phone?.takeAway();
    await belfry?.stop();
  }

  simulate(change: Partial<Conditions>): void {
    Object.assign(this.conditions, change);
    this.#network.set(this.conditions);
  }

  async newToken(app: string): Promise<{ text: string; expiresAt: string }> {
    const { userId, name } = this;
    const { token: text, expiresAt } = await this.#api.token(app, { userId, name, topics: [sampleTopic] });
    this.token = { text, expiresAt };
    return this.token;
  }

  async readConnections(): Promise<void> {
    const { belfry, userId } = this;
    if (belfry === undefined) return;
    const answer = belfry.http<{ devices: ConnectionInfo[] }>(`/users/${encodeURIComponent(userId)}/devices`);
    await this.#attempt(answer.then(({ devices }) => void (this.connections = devices)));
  }

  async #attempt(work: Promise<unknown>): Promise<void> {
    try {
      await work;
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
