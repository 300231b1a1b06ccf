// Every session gets each seq of a stream once and in order, whatever happens between append and socket:
// session writer, catch-up, stream sequencer and fan-out together.

import { setImmediate as immediate } from 'node:timers/promises';
import type { ServerEvent } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageStore } from '../ports/stores/index.ts';
import { Session } from '../sessions/session.ts';
import { page } from '../sessions/test/sessions.fixture.ts';
import {
  createTestMessaging,
  type TestMessaging,
  type TestNode,
  type TestSession,
} from '../../test/support/messaging.ts';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';

const stream = 'c:c1';
const behindBytes = 700;

type Fate = 'once' | 'twice' | 'lost';

/** A client as it reads its events: it lets a seq through only after the one before. */
class Client {
  readonly session: TestSession;
  readonly userId: string;
  position: number;
  readonly seen = new Set<number>();
  readonly own = new Set<number>();
  /** Seqs that came although one before them had not. */
  readonly #early: { after: number; from: number }[] = [];
  duplicates = 0;

  constructor(session: TestSession, position: number) {
    this.session = session;
    this.userId = session.userId;
    this.position = position;
    session.outlet.onEvent = (event) => this.#take(event);
  }

  /**
   * An event may come a moment before the answer that says which seq the client's own message has; nothing
   * else may be missing before it.
   */
  get wrongs(): string[] {
    return this.#early
      .filter(({ after, from }) => {
        for (let seq = after + 1; seq < from; seq += 1) if (!this.own.has(seq)) return true;
        return false;
      })
      .map(({ after, from }) => `${from} came after ${after}`);
  }

  answered(seq: number): void {
    this.own.add(seq);
    this.#advance();
  }

  #take({ action, stream: of, seq, data }: ServerEvent): void {
    if (of !== stream) return;
    const from = action === 'skipped' ? Number(data['from']) : Number(seq);
    const to = action === 'skipped' ? Number(data['to']) : Number(seq);
    if (to <= this.position) {
      if (!this.own.has(to)) this.duplicates += 1;
      return;
    }
    if (from > this.position + 1) this.#early.push({ after: this.position, from });
    if (action !== 'skipped') this.seen.add(to);
    this.position = to;
    this.#advance();
  }

  #advance(): void {
    while (this.own.has(this.position + 1)) this.position += 1;
  }
}

const stepArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), node: fc.nat(1), form: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('say' as const), client: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('resume' as const),
      node: fc.nat(1),
      user: fc.nat(2),
      back: fc.nat(12),
      isOff: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sync' as const), client: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), client: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), client: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compare' as const), node: fc.nat(1) }) },
);
const fateArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('once') },
  { weight: 1, arbitrary: fc.constant<Fate>('twice') },
  { weight: 2, arbitrary: fc.constant<Fate>('lost') },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer S> ? S : never;

const users = ['alice', 'bob', 'carol'] as const;

test('every session has seen each seq once and in order, whatever comes between', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(stepArbitrary, { minLength: 3, maxLength: 30 }),
      fc.infiniteStream(fateArbitrary),
      async (scheduler, steps, fates) => {
        const run = new Run(scheduler, fates);
        await run.setUp();
        for (const step of steps)
          scheduler.schedule(Promise.resolve(), step.do).then(
            () => run.do(step),
            () => {},
          );
        await run.finish();
        run.check();
      },
    ),
    { numRuns: 200 },
  );
});

class Run {
  readonly #scheduler: fc.Scheduler;
  readonly #clients: Client[] = [];
  readonly #failures: unknown[] = [];
  readonly #isMeant = new Map<number, (client: Client) => boolean>();
  readonly messaging: TestMessaging;
  readonly #nodes: TestNode[];
  #isSettingUp = true;

  constructor(scheduler: fc.Scheduler, fates: Iterator<Fate>) {
    this.#scheduler = scheduler;
    // Hints arrive in any order, twice, or not at all: worse than any bus is allowed to be.
    const carry = (deliver: () => void): void => {
      const fate = fates.next().value as Fate;
      const times = fate === 'lost' ? 0 : fate === 'twice' ? 2 : 1;
      for (let time = 0; time < times; time += 1)
        void scheduler.schedule(Promise.resolve(), 'hint').then(deliver, this.#note);
    };
    this.messaging = createTestMessaging({
      behindBytes,
      carry,
      // Late, and in any order.
      tellNews: (tell) => void scheduler.schedule(Promise.resolve(), 'news').then(tell, this.#note),
      messagesOf: (messages) => this.#slowed(messages),
    });
    this.#nodes = [this.messaging.node('n1'), this.messaging.node('n2')];
  }

  /** Each call of the log's store is begun, and answered, whenever the scheduler likes. */
  #slowed(messages: MessageStore): MessageStore {
    const slow =
      <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (this.#isSettingUp) return await call(...args);
        await this.#scheduler.schedule(Promise.resolve(), `${name} begins`);
        const answer = await call(...args);
        await this.#scheduler.schedule(Promise.resolve(), `${name} answers`);
        return answer;
      };
    return {
      ...messages,
      append: slow('append', messages.append),
      appendMany: slow('appendMany', messages.appendMany),
      heads: slow('heads', messages.heads),
      read: slow('read', messages.read),
    };
  }

  async setUp(): Promise<void> {
    const [first] = this.#nodes;
    await first?.conversations.put(this.messaging.app, 'c1', { participants: users.map((userId) => ({ userId })) });
    this.#isSettingUp = false;
  }

  readonly #note = (error: unknown): void => void this.#failures.push(error);

  do(step: Step): void {
    this.#begin(step).catch(this.#note);
  }

  async #begin(step: Step): Promise<void> {
    switch (step.do) {
      case 'append':
        await this.#append(step);
        break;
      case 'say':
        await this.#say(this.#client(step.client));
        break;
      case 'resume':
        await this.#resume(step);
        break;
      case 'sync':
        await this.#sync(this.#client(step.client));
        break;
      case 'stall':
        this.#client(step.client)?.session.outlet.stall();
        break;
      case 'take':
        this.#client(step.client)?.session.outlet.takeAll();
        break;
      case 'compare':
        await this.#nodes[step.node]?.sequencer.compareHeads();
    }
  }

  #client(index: number): Client | undefined {
    return this.#clients[index % Math.max(1, this.#clients.length)];
  }

  async #append({ node, form }: { node: number; form: number }): Promise<void> {
    const request = {
      kind: 'system_notification',
      audience: { conversation: 'c1', ...(form === 1 ? { deviceTypes: ['mobile' as const] } : {}) },
      data: { title: 'x'.repeat(form * 20) },
      ...(form === 2 ? { targetUserIds: ['alice'] } : {}),
      ...(form === 3 ? { exclude: ['bob'] } : {}),
    };
    const { message } =
      (await this.#nodes[node]?.broadcasting.carry(this.messaging.app, request, { via: 'http-key' })) ?? {};
    const isMeant = [
      () => true,
      () => false,
      ({ userId }: Client) => userId === 'alice',
      ({ userId }: Client) => userId !== 'bob',
      () => true,
    ][form];
    if (message !== undefined && isMeant !== undefined) this.#isMeant.set(message.seq, isMeant);
  }

  async #say(client: Client | undefined): Promise<void> {
    if (client === undefined) return;
    const node = this.#nodes.find(({ name }) => name === client.session.node);
    const sent = await node?.chatActions.broadcastMessage(this.messaging.app, 'c1', {
      ...{ senderId: client.userId, type: 'text', content: { text: 'mine' } },
      origin: { via: 'socket', session: client.session },
    });
    if (sent === undefined) return;
    this.#isMeant.set(sent.seq, () => true);
    client.answered(sent.seq);
  }

  async #resume(step: { node: number; user: number; back: number; isOff: boolean }): Promise<void> {
    const node = this.#nodes[step.node];
    if (node === undefined) return;
    const head = (await this.messaging.stores.messages.heads(this.messaging.app, [stream])).get(stream)?.seq ?? 0;
    const position = Math.max(0, head - step.back);
    const session = new Session({
      app: this.messaging.app,
      userId: users[step.user] ?? 'alice',
      device: { id: 'd', type: 'desktop' },
      page: page('/chat', step.isOff ? [] : ['messaging']),
      visible: true,
      node: node.name,
      connectedAtMs: 0,
      outlet: new FakeOutlet(behindBytes),
    }) as TestSession;
    const client = new Client(session, position);
    const { start } = await node.catchUps.prepare(session, [{ stream, epoch: 'e1', seq: position }], 'resume');
    await node.open(session);
    this.#clients.push(client);
    start();
  }

  async #sync(client: Client | undefined): Promise<void> {
    const node = this.#nodes.find(({ name }) => name === client?.session.node);
    if (client === undefined || node === undefined) return;
    const positions = [{ stream, epoch: 'e1', seq: client.position }];
    const { start } = await node.catchUps.prepare(client.session, positions, 'sync');
    await this.#scheduler.schedule(Promise.resolve(), 'sync starts');
    start();
  }

  /**
   * Everything that is under way comes to its end, everybody reads, and what the bus lost is looked for, as
   * LostHints does every few seconds.
   */
  async finish(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await this.#untilSettled();
      for (const { session } of this.#clients) session.outlet.drain();
      for (const node of this.#nodes) node.sequencer.compareHeads().catch(this.#note);
    }
    await this.#untilSettled();
    await this.messaging.stop();
  }

  /** A node that lost the race for a seq again and again waits on the clock before it tries anew. */
  async #untilSettled(): Promise<void> {
    const settled = Promise.all(this.#nodes.map(({ broadcasting }) => broadcasting.settled())).then(() => true);
    const turned = async (): Promise<false> => {
      await this.messaging.clock.advance(1000);
      await this.#idle();
      return false;
    };
    do await this.#idle();
    while (!(await Promise.race([settled, turned()])));
    await turned();
  }

  /** The scheduler alone takes a chain of promises between two of its tasks for the end. */
  async #idle(): Promise<void> {
    do {
      await this.#scheduler.waitIdle();
      await immediate();
    } while (this.#scheduler.count() > 0);
  }

  check(): void {
    expect(this.#failures).toEqual([]);
    const head = this.#isMeant.size;
    for (const client of this.#clients) {
      expect(client.wrongs).toEqual([]);
      expect(client.duplicates).toBe(0);
      // Skipped seqs are named with the next event that is not skipped; all else must have come.
      const pending = this.#lastMeant(client, head);
      expect(client.position, `${client.userId} of ${head}`).toBeGreaterThanOrEqual(pending);
      for (const seq of client.seen) expect(this.#mayHave(client, seq), `seq ${seq}`).toBe(true);
    }
  }

  #mayHave(client: Client, seq: number): boolean {
    return client.session.page.features.has('messaging') && this.#isMeant.get(seq)?.(client) === true;
  }

  #lastMeant(client: Client, head: number): number {
    for (let seq = head; seq > 0; seq -= 1) if (this.#mayHave(client, seq)) return seq;
    return 0;
  }
}
