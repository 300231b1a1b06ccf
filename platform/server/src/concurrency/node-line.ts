// What the nodes of an installation ask each other: who is there, a question to all of them with the answers that
// come in time, and words to one. Hints, like all of the bus: what is asked and answered is the callers'.

import { randomUUID } from 'node:crypto';
import { consoleApp } from '../ports/app-id.ts';
import type { NodeIs } from '../ports/bus-messages.ts';
import type { Bus } from '../ports/bus.ts';
import type { Timer } from '../ports/clock.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { Rounds } from './rounds.ts';

/**
 * What is asked and answered, plain JSON. A node that would misread another's has another name for it: a name that a
 * node does not know is answered with nothing.
 */
export interface Subject<Question, Answered = never> {
  readonly about: string;
  readonly asked?: Question;
  readonly answered?: Answered;
}

export type Asked<S> = S extends Subject<infer A, unknown> ? A : never;

export function subject<Question, Answered = never>(about: string): Subject<Question, Answered> {
  return { about };
}

export interface Answers<Answered> {
  /** By node, this one too. Nodes that have none are not in it. */
  by: ReadonlyMap<string, Answered>;
  /** Nodes that are there and did not answer in time. */
  silent: readonly string[];
}

export interface AskOptions<Answered> {
  withinMs?: number;
  /** Called with each answer as it comes, before any word that its node says later. */
  onAnswer?: (node: string, answer: Answered) => void;
  /** Nobody else is waited for. */
  isEnough?: (answer: Answered) => boolean;
}

interface Other {
  heardAtMs: number;
  /** It left a question unanswered, and nothing was heard of it since: nobody waits for it. */
  isSilent: boolean;
}

interface Open {
  waiting: Set<string>;
  take: (node: string, data: unknown) => void;
}

type Handler = (data: unknown, from: string) => unknown;

const hereEveryMs = 4000;
/** Two and a half of them: a node of which so long nothing was heard is gone. */
const goneAfterMs = 10_000;
const answerWithinMs = 1000;

export class NodeLine {
  readonly node: string;
  readonly #deps: { bus: Pick<Bus, 'events' | 'state' | 'onState'>; surroundings: Pick<Surroundings, 'clock' | 'log'> };
  /** There is no other node, ever. */
  readonly isAlone: boolean;
  readonly #handlers = new Map<string, Handler>();
  readonly #others = new Map<string, Other>();
  readonly #asked = new Map<string, Open>();
  readonly #listeners = new Set<(node: string, is: 'there' | 'gone') => void>();
  readonly #rounds: Rounds;
  #isStopped = false;

  constructor(deps: {
    bus: Pick<Bus, 'events' | 'state' | 'onState'>;
    surroundings: Pick<Surroundings, 'clock' | 'log'>;
    node: string;
    isAlone: boolean;
  }) {
    const { bus, surroundings, node, isAlone } = deps;
    this.#deps = { bus, surroundings };
    this.node = node;
    this.isAlone = isAlone;
    this.#rounds = new Rounds({ clock: surroundings.clock, everyMs: hereEveryMs, run: () => this.#round() });
    if (isAlone) return;
    bus.onState((state) => {
      if (state === 'up') this.#comeBack();
    });
    bus.events.on('node_here', (_app, { node: of, is }) => this.#takeHere(of, is));
    bus.events.on('node_ask', (_app, { id, node: from, about, data }) => {
      this.#heard(from);
      void this.#answer({ id, from, about, data });
    });
    bus.events.on('node_answer', (_app, { id, node: from, data }) => {
      this.#heard(from);
      this.#asked.get(id)?.take(from, data);
    });
    bus.events.on('node_word', (_app, { node: from, about, data }) => {
      this.#heard(from);
      this.#handlers.get(about)?.(data, from);
    });
  }

  /** One handler a subject. What it returns is the answer; undefined: this node has none. */
  handle<A, B>(
    { about }: Subject<A, B>,
    answer: (asked: A, from: string) => B | undefined | Promise<B | undefined>,
  ): void {
    this.#handlers.set(about, answer as Handler);
  }

  /** Called when another node is there for the first time, and when it is gone. */
  onNode(listen: (node: string, is: 'there' | 'gone') => void): void {
    this.#listeners.add(listen);
  }

  async start(): Promise<void> {
    if (this.isAlone) return;
    const { bus, surroundings } = this.#deps;
    await bus.events.follow(consoleApp).catch((err: unknown) => {
      surroundings.log.debug('other nodes are not heard yet', { err });
    });
    this.#publishHere('new');
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    if (this.isAlone || this.#isStopped) return;
    this.#isStopped = true;
    await this.#rounds.stop();
    for (const { waiting, take } of this.#asked.values()) for (const node of [...waiting]) take(node, undefined);
    await this.#deps.bus.events
      .publish(consoleApp, { type: 'node_here', node: this.node, is: 'leaving' })
      .catch(() => undefined);
    await this.#deps.bus.events.unfollow(consoleApp).catch(() => undefined);
  }

  /** Other nodes that are there. */
  get others(): readonly string[] {
    return [...this.#others.keys()];
  }

  /** All nodes, this one too. Never rejects: a node that cannot be asked is silent. */
  async ask<A, B>(of: Subject<A, B>, data: A, options: AskOptions<B> = {}): Promise<Answers<B>> {
    const by = new Map<string, B>();
    const own = this.#ownAnswer(of.about, data);
    const others = this.#askOthers(of, data, { ...options, by });
    const answer = (await own) as B | undefined;
    if (answer !== undefined) {
      by.set(this.node, answer);
      options.onAnswer?.(this.node, answer);
    }
    if (answer !== undefined && options.isEnough?.(answer) === true) return { by, silent: [] };
    return { by, silent: await others };
  }

  /** One node, which may be this one; undefined where it does not answer. */
  async askOne<A, B>(node: string, of: Subject<A, B>, data: A): Promise<B | undefined> {
    if (node === this.node) return (await this.#ownAnswer(of.about, data)) as B | undefined;
    const by = new Map<string, B>();
    await this.#askOthers(of, data, { by, nodes: [node] });
    return by.get(node);
  }

  /** To one node, which may be this one; may be lost. Words and answers of a node arrive in the order of its saying. */
  say<A>({ about }: Subject<A>, data: A, node: string): void {
    if (node === this.node) {
      this.#handlers.get(about)?.(data, node);
      return;
    }
    const word = { type: 'node_word', node: this.node, about, data } as const;
    this.#deps.bus.events.publish(consoleApp, word, [node]).catch(() => undefined);
  }

  /** To all other nodes. */
  sayToOthers<A>({ about }: Subject<A>, data: A): void {
    if (this.#others.size === 0) return;
    const word = { type: 'node_word', node: this.node, about, data } as const;
    this.#deps.bus.events.publish(consoleApp, word).catch(() => undefined);
  }

  #askOthers<A, B>(
    { about }: Subject<A, B>,
    data: A,
    {
      by,
      nodes,
      withinMs = answerWithinMs,
      isEnough,
      onAnswer,
    }: AskOptions<B> & { by: Map<string, B>; nodes?: string[] },
  ): Promise<readonly string[]> {
    const asked = nodes ?? this.others;
    if (asked.length === 0 || this.#isStopped) return Promise.resolve([]);
    const { clock } = this.#deps.surroundings;
    const id = randomUUID();
    const answered = new Set<string>();
    const silent = (): string[] => asked.filter((node) => !answered.has(node) && this.#others.has(node));
    return new Promise((resolve) => {
      const end = (silentNodes: readonly string[]): void => {
        timer.cancel();
        this.#asked.delete(id);
        resolve(silentNodes);
      };
      const timer: Timer = clock.after(withinMs, () => {
        for (const node of waiting) this.#doubt(node);
        end(silent());
      });
      const waiting = new Set(asked.filter((node) => this.#others.get(node)?.isSilent !== true));
      const take = (node: string, answer: unknown): void => {
        answered.add(node);
        waiting.delete(node);
        if (answer !== undefined) {
          by.set(node, answer as B);
          onAnswer?.(node, answer as B);
        }
        if (answer !== undefined && isEnough?.(answer as B) === true) end([]);
        else if (waiting.size === 0) end(silent());
      };
      this.#asked.set(id, { waiting, take });
      const message = { type: 'node_ask', id, node: this.node, about, data } as const;
      this.#deps.bus.events.publish(consoleApp, message, nodes).catch(() => end(silent()));
      if (waiting.size === 0) end(silent());
    });
  }

  async #answer({ id, from, about, data }: { id: string; from: string; about: string; data: unknown }): Promise<void> {
    const answer = await this.#ownAnswer(about, data, from);
    if (this.#isStopped) return;
    const message = { type: 'node_answer', id, node: this.node, data: answer } as const;
    this.#deps.bus.events.publish(consoleApp, message, [from]).catch(() => undefined);
  }

  async #ownAnswer(about: string, data: unknown, from = this.node): Promise<unknown> {
    try {
      return await this.#handlers.get(about)?.(data, from);
    } catch (err) {
      this.#deps.surroundings.log.warn('a question of a node was not answered', { about, from, err });
      return undefined;
    }
  }

  #round(): void {
    const { bus, surroundings } = this.#deps;
    this.#publishHere('here');
    // While the bus is away nothing can be heard, and nobody is gone for that.
    if (bus.state() === 'down') return;
    const before = surroundings.clock.monotonic() - goneAfterMs;
    for (const [node, { heardAtMs }] of this.#others) if (heardAtMs < before) this.#forget(node);
  }

  /** The others were not heard while the bus was away, and have a moment to say that they are there. */
  #comeBack(): void {
    if (this.#isStopped) return;
    const heardAtMs = this.#deps.surroundings.clock.monotonic();
    for (const other of this.#others.values()) other.heardAtMs = heardAtMs;
    this.#publishHere('new');
  }

  #publishHere(is: NodeIs): void {
    this.#deps.bus.events.publish(consoleApp, { type: 'node_here', node: this.node, is }).catch(() => undefined);
  }

  #takeHere(node: string, is: NodeIs): void {
    if (is === 'leaving') {
      this.#forget(node);
      return;
    }
    // A new one hears at once who else is there.
    if (is === 'new' && !this.#isStopped) {
      const here = { type: 'node_here', node: this.node, is: 'here' } as const;
      this.#deps.bus.events.publish(consoleApp, here, [node]).catch(() => undefined);
    }
    this.#heard(node);
  }

  #heard(node: string): void {
    const heardAtMs = this.#deps.surroundings.clock.monotonic();
    const known = this.#others.get(node);
    if (known !== undefined) {
      known.heardAtMs = heardAtMs;
      known.isSilent = false;
      return;
    }
    this.#others.set(node, { heardAtMs, isSilent: false });
    for (const listen of this.#listeners) listen(node, 'there');
  }

  #doubt(node: string): void {
    const known = this.#others.get(node);
    if (known !== undefined) known.isSilent = true;
  }

  #forget(node: string): void {
    if (!this.#others.delete(node)) return;
    for (const { waiting, take } of this.#asked.values()) if (waiting.has(node)) take(node, undefined);
    for (const listen of this.#listeners) listen(node, 'gone');
  }
}
