// The memory bus with switches, for every test that needs a bus: it can lose, hold back, reorder or double
// what it carries, be down, and not notice it.

import { MemoryBusHub, type Carry } from '../../src/drivers/bus/memory/memory-bus-hub.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import type { BusMessage, ControlMessage, EventMessage } from '../../src/ports/bus-messages.ts';
import type { Bus, BusState, ControlBus, EventBus } from '../../src/ports/bus.ts';
import type { Surroundings } from '../../src/ports/surroundings.ts';
import { RecordedLog, RecordedMetrics } from '../../src/sessions/test/sessions.fixture.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface TestBusOptions extends Partial<Surroundings> {
  /** In place of the switches: decides of each message when it arrives, whether, and how often. */
  carry?: Carry;
  /** Every node says that it is up and hears itself, whatever happened. */
  isUnaware?: boolean;
}

export class TestBusHub {
  /** The messages that were handed to the bus, by any node, lost or not. */
  readonly published: { node: string; app: AppId; message: BusMessage }[] = [];
  readonly #hub: MemoryBusHub;
  readonly #isUnaware: boolean;
  #underWay: (() => void)[] = [];
  #isHeld = false;
  #dropping = 0;
  #doubling = 0;

  constructor(options: TestBusOptions = {}) {
    const { clock = createVirtualClock(), log = new RecordedLog(), metrics = new RecordedMetrics() } = options;
    this.#hub = new MemoryBusHub({ clock, log, metrics }, options.carry ?? ((deliver) => this.#carry(deliver)));
    this.#isUnaware = options.isUnaware ?? false;
  }

  connect(node: string): TestBus {
    return new TestBus(this.#hub.connect(node), {
      onPublish: (app, message) => void this.published.push({ node, app, message }),
      isUnaware: this.#isUnaware,
    });
  }

  /** Types of what was published so far. */
  types(): string[] {
    return this.published.map(({ message }) => message.type);
  }

  /** Loses the next `count` messages, probes among them. */
  dropNext(count: number): void {
    this.#dropping += count;
  }

  /** Delivers the next `count` messages twice. */
  doubleNext(count: number): void {
    this.#doubling += count;
  }

  /** Cuts one node off, or all, which loses what is under way. */
  down(node?: string): void {
    if (node === undefined) this.#underWay = [];
    this.#hub.setState('down', node);
  }

  up(node?: string): void {
    this.#hub.setState('up', node);
  }

  /** Keeps everything under way until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(order: 'in_order' | 'reversed' = 'in_order'): void {
    this.#isHeld = false;
    if (order === 'reversed') this.#underWay.reverse();
    this.#move();
  }

  #carry(deliver: () => void): void {
    if (this.#dropping > 0) {
      this.#dropping -= 1;
      return;
    }
    this.#underWay.push(deliver);
    if (this.#doubling > 0) {
      this.#doubling -= 1;
      this.#underWay.push(deliver);
    }
    this.#move();
  }

  #move(): void {
    queueMicrotask(() => {
      if (this.#isHeld) return;
      for (const deliver of this.#underWay.splice(0)) deliver();
    });
  }
}

/** One node's end, which remembers whom it follows. */
export class TestBus implements Bus {
  readonly control: ControlBus;
  readonly events: EventBus;
  /** How often each app is followed at present. */
  readonly following = new Map<AppId, number>();
  /** Calls of `follow` and `unfollow` so far. */
  subscriptions = 0;
  readonly #bus: Bus;
  readonly #isUnaware: boolean;

  constructor(bus: Bus, options: { onPublish: (app: AppId, message: BusMessage) => void; isUnaware: boolean }) {
    const { control, events } = bus;
    this.#bus = bus;
    this.#isUnaware = options.isUnaware;
    this.control = {
      publish: async (message: ControlMessage) => {
        options.onPublish(message.app, message);
        await control.publish(message);
      },
      on: (type, handle) => control.on(type, handle),
    };
    this.events = {
      publish: async (app: AppId, message: EventMessage, nodes?: readonly string[]) => {
        options.onPublish(app, message);
        await events.publish(app, message, nodes);
      },
      on: (type, handle) => events.on(type, handle),
      follow: async (app) => {
        this.#count(app, 1);
        await events.follow(app);
      },
      unfollow: async (app) => {
        this.#count(app, -1);
        await events.unfollow(app);
      },
    };
  }

  onState(listen: (state: BusState) => void): void {
    if (!this.#isUnaware) this.#bus.onState(listen);
  }

  state(): BusState {
    return this.#isUnaware ? 'up' : this.#bus.state();
  }

  async probe(timeoutMs: number): Promise<number | undefined> {
    return this.#isUnaware ? 1 : await this.#bus.probe(timeoutMs);
  }

  async close(): Promise<void> {
    await this.#bus.close();
  }

  #count(app: AppId, by: 1 | -1): void {
    this.subscriptions += 1;
    this.following.set(app, (this.following.get(app) ?? 0) + by);
  }
}
