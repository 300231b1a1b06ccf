// Everybody who uses the server in a run: clients, back ends, phones, and their habits. The faults of a run
// are not its business.

import { setTimeout as sleep } from 'node:timers/promises';
import { BackEnd } from './back-end.ts';
import { readLogs } from './final-log.ts';
import type { History, PhoneRecord, StreamRecord } from './history.ts';
import { findViolations } from './checker.ts';
import type { Notebook } from './notebook.ts';
import { Participant } from './participant.ts';
import type { ProviderStandIn } from './provider-stand-in.ts';
import type { Random } from './random.ts';
import { apps, inboxesOf, pushTimeoutMs, unusedBefore, waitMs, type App } from './setting.ts';
import type { Guarantee, Violation } from './violation.ts';

export interface WorkloadOptions {
  notebook: Notebook;
  random: Random;
  provider: ProviderStandIn;
  /** Where the next connection or call goes. */
  url(): string;
  sendsWebhooks?: boolean;
  /** Of which everybody takes part; the two of setting.ts when left out. */
  of?: readonly App[];
  /** Everybody does things so many times as rarely; 1 when left out. */
  pace?: number;
}

interface Side {
  app: App;
  backEnd: BackEnd;
  participants: readonly Participant[];
}

/** Bytes of text, at most: with several a second the log of a long run stays in the tens of megabytes. */
const mostPadding = 600;
/** More than loopback sockets and the server's bound hold together. */
const floodSize = 300;
const mostFloods = 2;
const lookEveryMs = 1000;
const longMs = 20_000;

export class Workload {
  readonly #options: WorkloadOptions;
  readonly #sides: readonly Side[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #phones: PhoneRecord[] = [];
  #read: StreamRecord[] = [];
  #floods = 0;
  #isBusy = false;

  constructor(options: WorkloadOptions) {
    this.#options = options;
    const { notebook, random, url, sendsWebhooks = true, of = apps } = options;
    this.#sides = of.map((app) => ({
      app,
      backEnd: new BackEnd({ app, url, notebook, random: random.fork(), sendsWebhooks }),
      participants: app.cast.map((role) => new Participant({ app, role, url, notebook, random: random.fork() })),
    }));
  }

  /** Conversations and phones, then everybody connects and begins. */
  async start(): Promise<void> {
    for (const { app, backEnd, participants } of this.#sides) {
      const users = participants.filter(({ role }) => role.hasPhone).map(({ role }) => role.user);
      const phones = await backEnd.setUp(users);
      for (const [user, deviceId] of phones) this.#phones.push({ app: app.key, user, deviceId });
    }
    this.#isBusy = true;
    for (const side of this.#sides) this.#begin(side);
    this.#sometimes([1500, 3000], () => {
      this.#options.provider.fallIll();
      this.#later(this.#options.random.between(300, 1500), () => this.#options.provider.recover());
    });
  }

  /** Nothing new; all come back, and all outboxes run empty. */
  calmDown(): void {
    this.#isBusy = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#options.provider.recover();
    for (const { participants } of this.#sides) {
      for (const participant of participants) {
        participant.comeBack();
        participant.goOn();
      }
    }
  }

  /**
   * Waits until nothing more is owed, or until nothing has come nearer to it for `mostMs`; resolves with all
   * there is. Ends early when `broken` was broken long enough.
   */
  async calm({ mostMs, broken }: CalmOptions): Promise<{ history: History; violations: Violation[] }> {
    const { notebook } = this.#options;
    let deadline = notebook.now() + mostMs;
    let leastOpen = Infinity;
    let brokenSince: number | undefined;
    for (;;) {
      // A machine that is slow is not a server that stands still.
      if (this.#open < leastOpen) {
        leastOpen = this.#open;
        deadline = notebook.now() + mostMs;
      }
      const isLate = notebook.now() >= deadline;
      const isIdle = this.#open === 0;
      if (isLate && !isIdle) notebook.record({ type: 'odd', what: 'something was never answered' });
      const violations = findViolations(await this.#history('what is new'));
      const isBroken = violations.some(({ guarantee }) => guarantee === broken?.guarantee);
      brokenSince = isBroken ? (brokenSince ?? notebook.now()) : undefined;
      const isEnough = broken !== undefined && notebook.now() - (brokenSince ?? Infinity) >= broken.forMs;
      if ((violations.length === 0 && isIdle) || isLate || isEnough) break;
      await sleep(lookEveryMs);
    }
    // Once more from the beginning: the logs may have changed under the first reading.
    const history = await this.#history('all');
    return { history, violations: findViolations(history) };
  }

  /** After it has calmed down: waits until every message has been answered, or for so long no further one is. */
  async said(patienceMs = longMs): Promise<void> {
    await this.#untilNone(() => this.#open, patienceMs);
  }

  /**
   * After it has calmed down: one more message in each conversation, and at last, when all are there, one where nobody
   * has written. A run that kills the server when this resolves leaves the push of that one to the relay: the phones of
   * who is there get it after a wait, which dies with the server, and there is no earlier push of that conversation,
   * whose wait or whose retry would cover it.
   */
  async lastWord(patienceMs = longMs): Promise<void> {
    await this.said(patienceMs);
    this.#sayIn((id) => id !== unusedBefore);
    await this.said(patienceMs);
    await this.#untilNone(() => this.#missing, patienceMs);
    this.#sayIn((id) => id === unusedBefore);
    // Of clients alone: a broadcast whose key a killed server holds may be open for half a minute, and no wait lasts so.
    await this.#untilNone(() => this.#unanswered, patienceMs);
  }

  async stop(): Promise<void> {
    this.#isBusy = false;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { backEnd, participants } of this.#sides) {
      await Promise.all(participants.map((participant) => participant.stop()));
      await backEnd.stop();
    }
  }

  /** The messages that are sent and not answered. */
  get #open(): number {
    return this.#sides.reduce((sum, { backEnd }) => sum + backEnd.open, this.#unanswered);
  }

  /** Those of clients among them. */
  get #unanswered(): number {
    return this.#clients.reduce((sum, { outbox }) => sum + outbox.size, 0);
  }

  /** How many clients are to be connected and are not. */
  get #missing(): number {
    return this.#clients.filter(({ role, isConnected }) => role.habit !== 'away' && !isConnected).length;
  }

  get #clients(): readonly Participant[] {
    return this.#sides.flatMap(({ participants }) => participants);
  }

  /** Waits until none is left, or for so long their number has not changed. */
  async #untilNone(left: () => number, patienceMs: number): Promise<void> {
    const { notebook } = this.#options;
    let last = { left: left(), at: notebook.now() };
    while (last.left > 0 && notebook.now() - last.at < patienceMs) {
      await sleep(5);
      if (left() !== last.left) last = { left: left(), at: notebook.now() };
    }
  }

  async #history(read: 'all' | 'what is new'): Promise<History> {
    const { notebook, url } = this.#options;
    const endedAt = notebook.now();
    // Before the logs: messages that are answered while they are read may stand above the last one read.
    const events = [...notebook.events];
    const streams: StreamRecord[] = [];
    for (const { app, backEnd } of this.#sides) {
      const known = new Map(
        this.#read.filter((record) => record.app === app.key).map(({ stream, log }) => [stream, log]),
      );
      streams.push(...(await readLogs({ app, backEnd, url: url(), ...(read === 'all' ? {} : { known }) })));
    }
    this.#read = streams;
    return {
      waitMs,
      pushTimeoutMs,
      streams,
      readers: this.#sides.flatMap(({ participants }) => participants.map((participant) => participant.record())),
      phones: this.#phones,
      events,
      endedAt,
    };
  }

  #sayIn(isMeant: (conversationId: string) => boolean): void {
    for (const { app, participants } of this.#sides) {
      const writers = participants.filter(({ role }) => role.sends !== undefined && role.sends !== 'floods');
      const writerIn = (id: string): Participant | undefined =>
        writers.find(({ role }) => role.writesIn === undefined || role.writesIn.includes(id));
      for (const { id } of app.conversations) if (isMeant(id)) writerIn(id)?.say(id, 0);
    }
  }

  #begin({ app, backEnd, participants }: Side): void {
    const { random } = this.#options;
    for (const participant of participants) {
      participant.start();
      this.#giveHabits(participant);
    }
    this.#sometimes([250, 500], () => backEnd.say());
    if (inboxesOf(app).length > 0) this.#sometimes([300, 700], () => backEnd.notify());
    const stalling = participants.filter(({ role }) => role.habit === 'stalls');
    if (stalling.length === 0) return;
    this.#sometimes([4000, 20_000], () => {
      for (const each of stalling) {
        each.stall();
        this.#later(random.between(800, 2000), () => each.goOn());
      }
      // A few make the point; each is megabytes in the log.
      this.#floods += 1;
      if (this.#floods <= mostFloods) backEnd.flood(floodSize);
    });
  }

  #giveHabits(participant: Participant): void {
    const { random } = this.#options;
    const { sends, habit, user, writesIn } = participant.role;
    const where = (): string => {
      if (writesIn !== undefined) return random.pick(writesIn);
      return user === 'joe' || user === 'fay' || random.chance(0.6) ? 'c1' : 'c2';
    };
    if (sends === 'floods') {
      this.#sometimes([700, 2500], () => {
        for (let sent = 0; sent < 90; sent += 1) participant.say('c1', 0);
      });
    } else if (sends !== undefined) {
      this.#sometimes([sends.everyMs * 0.5, sends.everyMs * 1.5], () =>
        participant.say(where(), random.between(0, mostPadding)),
      );
      if (writesIn === undefined) this.#sometimes([300, 900], () => participant.type(where()));
    }
    if (habit === 'comes_and_goes') {
      this.#sometimes([500, 2500], () => {
        participant.goAway();
        this.#later(random.between(50, 1500), () => participant.comeBack());
      });
    }
  }

  /** Again and again while it is busy, at random intervals of this many ms. */
  #sometimes([least, most]: [number, number], run: () => void): void {
    const { random, pace = 1 } = this.#options;
    this.#later(random.between(Math.floor(least * pace), Math.ceil(most * pace)), () => {
      run();
      this.#sometimes([least, most], run);
    });
  }

  #later(ms: number, run: () => void): void {
    if (!this.#isBusy) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}

export interface CalmOptions {
  mostMs: number;
  /**
   * For runs that are to fail: there is nothing more to wait for when this was found to be broken without a
   * break for so long. A late event (a push that is still to come) looks broken at first on any server.
   */
  broken?: { guarantee: Guarantee; forMs: number };
}
