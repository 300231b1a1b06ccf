// State that both halves of the page share: the app, its pages, the conversation, the guided start, the
// journey that is shown. Persons: person.svelte.ts.
import type { ChatMessage } from '@belfry/client/chat';
import { resolvePage, type PageResolution, type WirePagePolicy } from '@belfry/protocol';
import type { AppChoice, PlaygroundApi } from './api.ts';
import { JourneyView } from './journey.svelte.ts';
import { Latencies } from './latencies.ts';
import { Person } from './person.svelte.ts';
import { ProblemError, tooSlow } from './problem.ts';
import { Reach } from './reach.ts';
import { Trouble } from './trouble.svelte.ts';

/** What a page of it begins with. */
export interface Beginning {
  pages?: { left: string; right: string } | undefined;
  users?: { left: string; right: string } | undefined;
  /** Of the broadcast. */
  kind?: string | undefined;
}

export type StepName = 'conversation' | 'left' | 'right' | 'sent' | 'arrived';

export interface Step {
  name: StepName;
  state: 'planned' | 'waiting' | 'done' | 'failed';
  /** Undefined until the step has ended. */
  tookMs: number | undefined;
}

const stepNames: readonly StepName[] = ['conversation', 'left', 'right', 'sent', 'arrived'];
function stepsThatAre(state: Step['state']): Step[] {
  return stepNames.map((name) => ({ name, state, tookMs: undefined }));
}

/** An id of a conversation. */
const maxIdLength = 128;
/** A local step takes some milliseconds; after this long something is wrong. */
const stepLimitMs = 15_000;

export class PlaygroundState {
  readonly api: PlaygroundApi;
  apps: readonly AppChoice[] = $state.raw([]);
  appKey = $state('');
  policies: readonly WirePagePolicy[] = $state.raw([]);
  isLoaded = $state(false);
  steps: readonly Step[] = $state.raw(stepsThatAre('planned'));
  readonly left: Person;
  readonly right: Person;
  readonly pages: Record<'left' | 'right', string> = $state({ left: '/chat', right: '/chat' });
  /** Of the broadcast; empty until one is chosen. */
  kind = $state('');
  readonly journey: JourneyView;
  readonly trouble: Trouble;
  readonly #reach: Reach;

  readonly #beginning: Beginning;

  constructor(api: PlaygroundApi, beginning: Beginning = {}) {
    this.api = api;
    this.#beginning = beginning;
    this.kind = beginning.kind ?? '';
    this.#reach = new Reach(() => api.answers());
    this.trouble = new Trouble(this.#reach);
    const onStored = (messageId: string): void => this.journey.follow(this.appKey, messageId);
    const shared = { api, latencies: new Latencies(), reach: this.#reach, onStored };
    this.left = new Person('left', beginning.users?.left ?? 'alice', shared);
    this.right = new Person('right', beginning.users?.right ?? 'bob', shared);
    this.journey = new JourneyView(api);
  }

  get app(): AppChoice | undefined {
    return this.apps.find(({ key }) => key === this.appKey);
  }

  /** The reason why nobody can be connected; undefined where they can. */
  get hindrance(): 'disabled' | 'no_tokens' | 'origin' | undefined {
    const { app } = this;
    if (app?.disabled === true) return 'disabled';
    if (app?.makesTokens === false) return 'no_tokens';
    return app?.takesThisPage === false ? 'origin' : undefined;
  }

  /** Where the page has none for all, each pair of people has its own, so that nobody reads what others said here. */
  get conversationId(): string {
    if (this.api.conversationId !== undefined) return this.api.conversationId;
    const ids = [this.left.userId, this.right.userId].toSorted();
    return `playground-${ids.join('-')}`.slice(0, maxIdLength);
  }

  get isStarting(): boolean {
    return this.steps.some(({ state }) => state === 'waiting') && this.steps.every(({ state }) => state !== 'failed');
  }

  /** For another part of the page that calls the server by itself. */
  newTrouble(): Trouble {
    return new Trouble(this.#reach);
  }

  resolve(page: string): PageResolution<WirePagePolicy> {
    return resolvePage(this.policies, page);
  }

  async load(): Promise<void> {
    await this.trouble.attempt(
      async () => {
        this.apps = await this.api.apps();
        const usable = this.apps.find(
          ({ disabled, makesTokens, takesThisPage }) => !disabled && makesTokens && takesThisPage,
        );
        await this.#turnTo((usable ?? this.apps[0])?.key ?? '');
      },
      () => void this.load(),
    );
    this.isLoaded = true;
  }

  async choose(appKey: string): Promise<void> {
    await this.trouble.attempt(
      () => this.#turnTo(appKey),
      () => void this.choose(appKey),
    );
  }

  async connect(person: Person): Promise<void> {
    if (person.belfry !== undefined) {
      person.connect();
      return;
    }
    await this.trouble.attempt(async () => {
      await this.#ensureConversation();
      this.#open(person);
    });
  }

  /** Makes the person another user, with a connection if there was one. */
  async become(person: Person, userId: string): Promise<void> {
    if (userId === person.userId) return;
    const wasOpen = person.belfry !== undefined;
    const other = person === this.left ? this.right : this.left;
    const otherWasOpen = other.belfry !== undefined;
    await Promise.all([person.close(), other.close()]);
    person.userId = userId;
    person.token = undefined;
    // Both get another conversation.
    if (wasOpen) await this.connect(person);
    if (otherWasOpen) await this.connect(other);
  }

  /** A visitor has no token, and is in no conversation. */
  async visit(person: Person, isVisitor: boolean): Promise<void> {
    const wasOpen = person.belfry !== undefined;
    await person.close();
    person.isVisitor = isVisitor;
    if (wasOpen) await this.connect(person);
  }

  /** How it is, for somebody else to begin with. */
  get shared(): Required<Beginning> {
    const { left, right } = this;
    return { pages: { ...this.pages }, users: { left: left.userId, right: right.userId }, kind: this.kind };
  }

  goTo(person: Person, page: string): void {
    this.pages[person.side] = page;
    person.moveTo(page);
  }

  /** The guided start: two people, a conversation, a hello. */
  async start(hello: string): Promise<void> {
    this.steps = stepsThatAre('waiting');
    this.trouble.clear();
    const { left, right } = this;
    for (const person of [left, right]) if (person.isVisitor) await this.visit(person, false);
    for (const person of [left, right]) person.simulate({ offline: false, slow: false, hidden: false });
    await this.#step('conversation', () => this.#ensureConversation());
    await Promise.all([
      this.#step('left', () => this.#connected(left)),
      this.#step('right', () => this.#connected(right)),
    ]);
    if (!left.isConnected || !right.isConnected) {
      for (const name of ['sent', 'arrived'] as const) this.#set(name, { state: 'planned' });
      return;
    }
    if (this.app?.showsPushes === true) await right.phone?.give();
    const cid = left.send(hello);
    const seenBy = ({ chat }: Person): ChatMessage | undefined =>
      chat?.current.messages.find((message) => message.cid === cid && message.state !== 'queued');
    // Both are measured from the same moment: the recipient need not wait for the sender's answer.
    await Promise.all([
      this.#step('sent', async () => {
        const { error } = await until(() => seenBy(left));
        if (error !== undefined) throw new ProblemError(error);
      }),
      this.#step('arrived', () => until(() => seenBy(right))),
    ]);
  }

  async close(): Promise<void> {
    this.journey.clear();
    await Promise.all([this.left.close(), this.right.close()]);
    this.#reach.stop();
  }

  async #turnTo(appKey: string): Promise<void> {
    await Promise.all([this.left.close(), this.right.close()]);
    this.appKey = appKey;
    this.steps = stepsThatAre('planned');
    this.journey.clear();
    if (appKey === '') return;
    this.policies = await this.api.pages(appKey);
    const page = bestPage(this.policies);
    Object.assign(this.pages, { left: page, right: page, ...this.#beginning.pages });
  }

  async #connected(person: Person): Promise<void> {
    if (person.belfry === undefined) this.#open(person);
    else person.connect();
    await until(() => person.isConnected || undefined);
  }

  #open(person: Person): void {
    const { appKey: app, conversationId } = this;
    person.open({ app, page: this.pages[person.side], conversationId });
  }

  async #ensureConversation(): Promise<void> {
    const people = [this.left, this.right].filter(({ isVisitor }) => !isVisitor);
    if (people.length === 0) return;
    await this.api.conversation(
      this.appKey,
      this.conversationId,
      people.map(({ userId }) => userId),
    );
  }

  async #step(name: StepName, work: () => Promise<unknown>): Promise<void> {
    // After a failed step the others are not tried.
    if (this.steps.some(({ state }) => state === 'failed')) {
      this.#set(name, { state: 'planned' });
      return;
    }
    const startedAt = performance.now();
    let state: Step['state'] = 'done';
    try {
      await work();
    } catch (error) {
      state = 'failed';
      this.trouble.report(error);
    }
    this.#set(name, { state, tookMs: Math.round(performance.now() - startedAt) });
  }

  #set(name: StepName, change: Partial<Step>): void {
    this.steps = this.steps.map((step) => (step.name === name ? { ...step, ...change } : step));
  }
}

/** The page on which most can be tried. */
function bestPage(policies: readonly WirePagePolicy[]): string {
  const [best] = policies
    .filter(({ enabled, pattern }) => enabled && pattern !== 'default')
    .toSorted((a, b) => score(b) - score(a));
  return best === undefined ? '/chat' : samplePath(best.pattern);
}

function score({ features }: WirePagePolicy): number {
  return features.length + (features.includes('messaging') ? 100 : 0);
}

/** A path that falls under the pattern. */
export function samplePath(pattern: string): string {
  if (pattern === 'default') return '/somewhere-else';
  return pattern.replaceAll(/:\w+/g, '42').replace(/\/\*$/, '/example');
}

/** Polls, as there are many ways by which the state changes. */
async function until<T>(find: () => T | undefined): Promise<T> {
  const giveUpAt = performance.now() + stepLimitMs;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) throw new ProblemError({ code: tooSlow, message: 'It took too long.' });
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
}
