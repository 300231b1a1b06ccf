// One node's end of the bus within one process. The other nodes, and the way of messages to them, are the
// hub's business.

import type { AppId } from '../../../ports/app-id.ts';
import {
  encodeBusMessage,
  type BusMessage,
  type ControlMessage,
  type EventMessage,
  type MessageOf,
} from '../../../ports/bus-messages.ts';
import type { Bus, BusState, ControlBus, EventBus } from '../../../ports/bus.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { Inbox } from '../inbox.ts';

/** A member's line to the others. */
export interface Line {
  surroundings: Surroundings;
  carry(deliver: () => void): void;
  /** Throws `unavailable`; `encode` is called only when there is somebody to deliver to. */
  send(encode: () => string, deliver: (to: MemoryBus, text: string) => void): void;
  leave(): void;
}

export class MemoryBus implements Bus {
  readonly node: string;
  readonly control: MemoryControlBus;
  readonly events: MemoryEventBus;
  readonly #line: Line;
  readonly #listeners: ((state: BusState) => void)[] = [];
  #state: BusState = 'up';
  /** Messages of this node did not go out. */
  #owes = false;
  #isClosed = false;

  constructor(node: string, line: Line) {
    this.node = node;
    this.#line = line;
    this.control = new MemoryControlBus(line);
    this.events = new MemoryEventBus(line);
    this.control.onLoss(() => this.#tell('up'));
  }

  isReachable(): boolean {
    return this.#state === 'up' && !this.#isClosed;
  }

  onState(listen: (state: BusState) => void): void {
    this.#listeners.push(listen);
  }

  state(): BusState {
    return this.#state;
  }

  setState(state: BusState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell(state);
    if (state === 'down' || !this.#owes) return;
    this.#owes = false;
    this.control.publishLoss();
  }

  /** A message of this node did not go out. */
  owe(): void {
    this.#owes = true;
  }

  async probe(timeoutMs: number): Promise<number | undefined> {
    if (!this.isReachable()) return undefined;
    const { clock } = this.#line.surroundings;
    const sentAtMs = clock.monotonic();
    return await new Promise((resolve) => {
      const timeout = clock.after(timeoutMs, () => resolve(undefined));
      this.#line.carry(() => {
        if (!this.isReachable()) return;
        timeout.cancel();
        resolve(clock.monotonic() - sentAtMs);
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#line.leave();
  }

  #tell(state: BusState): void {
    for (const listen of this.#listeners) listen(state);
  }
}

class MemoryControlBus implements ControlBus {
  readonly #line: Line;
  readonly #inbox: Inbox;

  constructor(line: Line) {
    this.#line = line;
    this.#inbox = new Inbox(line.surroundings);
  }

  async publish(message: ControlMessage): Promise<void> {
    this.#send(message);
  }

  publishLoss(): void {
    this.#send({ type: 'messages_lost' });
  }

  onLoss(handle: () => void): void {
    this.#inbox.on('messages_lost', handle);
  }

  on<T extends ControlMessage['type']>(type: T, handle: (message: MessageOf<ControlMessage, T>) => void): void {
    // The inbox gives a handler messages of its type alone.
    this.#inbox.on(type, (message) => handle(message as MessageOf<ControlMessage, T>));
  }

  #send(message: BusMessage): void {
    this.#line.send(
      () => encodeBusMessage(message),
      (to, text) => to.control.#inbox.receive(text),
    );
  }
}

class MemoryEventBus implements EventBus {
  readonly #line: Line;
  readonly #inbox: Inbox;
  readonly #followed = new Map<AppId, number>();

  constructor(line: Line) {
    this.#line = line;
    this.#inbox = new Inbox(line.surroundings);
  }

  async publish(app: AppId, message: EventMessage, nodes?: readonly string[]): Promise<void> {
    this.#line.send(
      () => encodeBusMessage(message),
      ({ node, events }, text) => {
        if (nodes?.includes(node) !== false && events.#followed.has(app)) events.#inbox.receive(text, app);
      },
    );
  }

  on<T extends EventMessage['type']>(type: T, handle: (app: AppId, message: MessageOf<EventMessage, T>) => void): void {
    this.#inbox.on(type, (message, app) => {
      if (app !== undefined) handle(app, message as MessageOf<EventMessage, T>);
    });
  }

  async follow(app: AppId): Promise<void> {
    this.#followed.set(app, (this.#followed.get(app) ?? 0) + 1);
  }

  async unfollow(app: AppId): Promise<void> {
    const count = this.#followed.get(app) ?? 0;
    if (count > 1) this.#followed.set(app, count - 1);
    else this.#followed.delete(app);
  }
}
