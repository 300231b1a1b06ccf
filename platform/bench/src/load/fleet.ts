// The clients of one load generator: opens them, lets them send and acknowledge, counts deliveries. Orders
// come in through program.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';
import { eventData } from './event.ts';
import { openFilesLimit } from '../measure/process-usage.ts';
import { AckSchedule } from './ack-schedule.ts';
import { Churn } from './churn.ts';
import { Client, type ClientDeps, type Tally } from './client.ts';
import { dialects } from './dialects/index.ts';
import type { Dialect } from './dialects/dialect.ts';
import { createHttpApi, type HttpApi } from './http-api.ts';
import type { Churned, Counts, Latencies, Opened, OpenOrder, Resumed, SendOrder } from './orders.ts';
import { Traffic } from './traffic.ts';

/** Belfry's default. */
const heartbeatMs = 45_000;
/** Files that a generator, or a server with as many connections, opens beside them. */
const filesBeside = 200;
/** A delivery that has not arrived this long after the last one is not coming. */
const quietMs = 20_000;
const lookEveryMs = 10;

export class Fleet {
  readonly #tally: Tally = { delivered: 0, answered: 0, refused: 0, heartbeats: 0, acks: 0, receivedBytes: 0, lost: 0 };
  readonly #order: OpenOrder;
  readonly #dialect: Dialect;
  readonly #clients: Client[];
  readonly #latencies: Histogram = build({ numberOfSignificantValueDigits: 3 });
  readonly #acks = new AckSchedule();
  #traffic: Traffic | undefined;
  #heartbeats: NodeJS.Timeout | undefined;
  #churning: NodeJS.Timeout | undefined;
  #churn: Churn | undefined;
  #api: HttpApi | undefined;
  #sent = 0;
  #expected = 0;

  /** @throws Error when the process may not open as many files. */
  constructor(order: OpenOrder) {
    const limit = openFilesLimit();
    if (order.clients.length + filesBeside > limit) {
      throw new Error(
        `${order.clients.length} connections need more open files than ${limit}: raise it with ulimit -n`,
      );
    }
    this.#order = order;
    this.#dialect = dialects[order.contender];
    const deps: ClientDeps = {
      port: order.port,
      dialect: this.#dialect,
      tally: this.#tally,
      // A histogram takes whole numbers above zero.
      onSample: (micros) => this.#latencies.recordValue(Math.max(1, Math.round(micros))),
      onUnacknowledged: (client) => this.#acks.add(client),
      onChunk: () => this.#traffic?.pump(),
    };
    const { sampleEvery } = order;
    this.#clients = order.clients.map(
      (spec, index) => new Client(spec, deps, sampleEvery > 0 && index % sampleEvery === sampleEvery - 1),
    );
  }

  open(): Promise<Opened> {
    // The server cuts off clients that are silent for long.
    this.heartbeats(heartbeatMs);
    return this.#openAll({ resume: false, atOnce: this.#order.atOnce });
  }

  send(order: SendOrder): void {
    const { historyOf } = order;
    const count = historyOf === undefined ? ('delivered' as const) : ('answered' as const);
    const before = this.#tally[count];
    this.#traffic?.stop();
    this.#traffic = new Traffic({
      order,
      arrived: () => this.#tally[count] - before,
      sendOne: (turn) => {
        this.#sent += 1;
        if (historyOf === undefined) this.#expected += order.receivers;
        const sender = order.senders[turn % order.senders.length];
        if (sender === undefined) throw new Error('nobody sends');
        const text = this.#textOf(order, sender.room);
        if (text === undefined) void this.#announce(order.announceTo ?? '');
        else this.#clients[sender.client]?.say(text);
      },
    });
    this.#traffic.pump();
  }

  /** Stops sending; resolves when everything has arrived and is acknowledged, or nothing more comes. */
  async drain({ patienceMs, brought = 0 }: { patienceMs: number; brought?: number }): Promise<Counts> {
    this.#expected += brought;
    this.#traffic?.stop();
    this.#traffic = undefined;
    await this.#arrived(this.#expected, patienceMs);
    this.#acks.flush();
    return this.counts();
  }

  counts(): Counts {
    const { user, system } = process.cpuUsage();
    return { ...this.#tally, sent: this.#sent, expected: this.#expected, cpuMicros: user + system };
  }

  takeLatencies(): Latencies {
    const ms = (micros: number): number => micros / 1000;
    const taken = {
      samples: this.#latencies.totalCount,
      p50Ms: ms(this.#latencies.getValueAtPercentile(50)),
      p99Ms: ms(this.#latencies.getValueAtPercentile(99)),
      maxMs: ms(this.#latencies.maxValue),
    };
    this.#latencies.reset();
    return taken;
  }

  heartbeats(everyMs: number): void {
    clearInterval(this.#heartbeats);
    const text = this.#dialect.heartbeat?.();
    if (everyMs === 0 || text === undefined) return;
    const startedMs = performance.now();
    let said = 0;
    this.#heartbeats = setInterval(() => {
      const due = ((performance.now() - startedMs) * this.#clients.length) / everyMs;
      for (; said < due; said += 1) {
        const client = this.#clients[said % this.#clients.length];
        if (client?.isReady === true) client.say(text);
      }
    }, lookEveryMs);
  }

  /** The counts so far. `behind` is only meaningful when nobody sends any more. */
  churn(order: { perSecond: number; senders: readonly number[] }): Churned {
    clearInterval(this.#churning);
    this.#churn ??= new Churn(this.#clients, order.senders);
    if (order.perSecond > 0) this.#churning = setInterval(() => this.#churn?.one(), 1000 / order.perSecond);
    return this.#churn.soFar();
  }

  cut(): void {
    this.#acks.forget();
    for (const client of this.#clients) client.cut();
  }

  async resume(order: { atOnce: number; expected: number; patienceMs: number }): Promise<Resumed> {
    const { delivered } = this.#tally;
    const startedMs = performance.now();
    const { failed } = await this.#openAll({ resume: true, atOnce: order.atOnce });
    await this.#arrived(delivered + order.expected, order.patienceMs);
    const tookMs = performance.now() - startedMs;
    this.#acks.flush();
    return { delivered: this.#tally.delivered - delivered, failed, tookMs };
  }

  close(): void {
    this.#acks.stop();
    clearInterval(this.#churning);
    this.heartbeats(0);
    this.#traffic?.stop();
    this.#api?.close();
    this.cut();
  }

  /** Undefined where no client may send it. */
  #textOf({ announceTo, historyOf }: SendOrder, room: string): string | undefined {
    if (announceTo !== undefined) return this.#dialect.announce?.();
    if (historyOf !== undefined) return this.#dialect.history?.(room, this.#sent, historyOf);
    return this.#dialect.message(room, this.#sent);
  }

  /** Where no client may announce, a back end does. There are few requests: the cost is in the deliveries. */
  async #announce(topic: string): Promise<void> {
    this.#api ??= createHttpApi({ port: this.#order.port, atOnce: 64 });
    const data = { title: 'News', body: '-', ...eventData() };
    try {
      await this.#api.ask('POST', '/api/v1/broadcasts', { kind: 'announcement', audience: { topic }, data });
      this.#tally.answered += 1;
    } catch {
      this.#tally.refused += 1;
    }
  }

  async #openAll({ resume, atOnce }: { resume: boolean; atOnce: number }): Promise<Opened> {
    const startedMs = performance.now();
    const waiting = this.#clients.values();
    const problems: string[] = [];
    const workers = Array.from({ length: atOnce }, async () => {
      for (const client of waiting) {
        try {
          await client.open({ resume });
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
        }
      }
    });
    await Promise.all(workers);
    const [problem] = problems;
    return {
      opened: this.#clients.length - problems.length,
      failed: problems.length,
      ...(problem === undefined ? {} : { problem }),
      tookMs: performance.now() - startedMs,
    };
  }

  async #arrived(expected: number, patienceMs: number): Promise<void> {
    const deadlineMs = performance.now() + patienceMs;
    let last = { delivered: this.#tally.delivered, atMs: performance.now() };
    while (this.#tally.delivered < expected && performance.now() < deadlineMs) {
      await sleep(lookEveryMs);
      if (this.#tally.delivered !== last.delivered) {
        last = { delivered: this.#tally.delivered, atMs: performance.now() };
      } else if (performance.now() - last.atMs > quietMs) return;
    }
  }
}
