// The bus on the pub/sub of Redis: who hears which message, and the probe of the whole way. Nothing is kept there.
// The connections are redis-link.ts.

import { randomUUID } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import {
  encodeBusMessage,
  type BusMessage,
  type ControlMessage,
  type EventMessage,
  type MessageOf,
} from '../../../ports/bus-messages.ts';
import type { Bus, BusState, ControlBus, EventBus } from '../../../ports/bus.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import type { RedisAddress } from '../../redis/connect.ts';
import { Inbox } from '../inbox.ts';
import { createChannels, type Channels } from './channels.ts';
import { LossNotice } from './loss-notice.ts';
import { RedisLink, type PubSubMode } from './redis-link.ts';

/** A Redis that does not carry the bus by then is not there. */
const startTimeoutMs = 10_000;

export interface RedisBusDeps {
  address: RedisAddress;
  /** Of this process alone. */
  node: string;
  surroundings: Surroundings;
  /** Left out: sharded where the server has it. All nodes on one Redis must have the same. */
  mode?: PubSubMode | undefined;
}

/** What both halves stand on. */
interface Line {
  link: RedisLink;
  channels: Channels;
  node: string;
  surroundings: Surroundings;
  /** A message of this node did not go out. */
  onFailed: () => void;
}

type ProbeOutcome = 'heard' | 'missed' | 'closed';

interface Probe {
  /** So many of its messages did not come back yet. */
  missing: number;
  /** Redis has answered all of them. */
  isTaken: boolean;
  ended: Promise<ProbeOutcome>;
  end: (outcome: ProbeOutcome) => void;
}

export class RedisBus implements Bus {
  readonly control: RedisControlBus;
  readonly events: RedisEventBus;
  readonly #link: RedisLink;
  readonly #channels: Channels;
  readonly #node: string;
  readonly #clock: Clock;
  readonly #probes = new Map<string, Probe>();
  readonly #listeners: ((state: BusState) => void)[] = [];
  readonly #notice: LossNotice;
  #isClosed = false;

  /** Resolves with a bus that is up, or rejects with `unavailable`. */
  static async open(deps: RedisBusDeps): Promise<RedisBus> {
    const bus = new RedisBus(deps);
    if (await bus.#comesUp()) return bus;
    await bus.close();
    throw new BelfryError('unavailable', { cause: bus.#link.lastError() });
  }

  private constructor({ address, node, surroundings, mode }: RedisBusDeps) {
    this.#link = new RedisLink({ address, node, surroundings, mode });
    this.#channels = createChannels(this.#link.isCluster);
    this.#node = node;
    this.#clock = surroundings.clock;
    const send = (): Promise<void> => this.control.publishLoss();
    const notice = new LossNotice({ clock: surroundings.clock, send });
    this.#notice = notice;
    const onFailed = (): void => notice.owe();
    const line: Line = { link: this.#link, channels: this.#channels, node, surroundings, onFailed };
    this.control = new RedisControlBus(line);
    this.events = new RedisEventBus(line);
    this.control.onLoss(() => this.#othersLost());
    this.#link.onState((state) => {
      if (state === 'up') notice.hurry();
      this.#tell(state);
    });
    for (const partition of this.#channels.partitions) {
      const control = this.#channels.control(partition);
      const probe = this.#channels.probe(partition, node);
      this.#link.want({ partition, channels: [control], receive: (payload) => this.control.receive(payload) });
      this.#link.want({ partition, channels: [probe], receive: (payload) => this.#heard(payload) });
    }
  }

  onState(listen: (state: BusState) => void): void {
    this.#listeners.push(listen);
  }

  state(): BusState {
    return this.#link.state();
  }

  /** A probe that was not heard has the connections made anew, for they looked sound and were not. */
  async probe(timeoutMs: number): Promise<number | undefined> {
    if (this.#isClosed || this.#link.state() === 'down') return undefined;
    const sentAtMs = this.#clock.monotonic();
    const id = randomUUID();
    const probe = this.#sendProbe(id);
    const timeout = this.#clock.after(timeoutMs, () => probe.end('missed'));
    const outcome = await probe.ended;
    timeout.cancel();
    this.#probes.delete(id);
    if (outcome === 'heard') return this.#clock.monotonic() - sentAtMs;
    if (outcome === 'missed') {
      this.#link.renew('subscriber');
      if (!probe.isTaken) this.#link.renew('publisher');
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#notice.stop();
    for (const { end } of this.#probes.values()) end('closed');
    await this.#link.close();
  }

  /** While this node is down it is told `up` later, and looks then. */
  #othersLost(): void {
    if (this.#link.state() === 'up') this.#tell('up');
  }

  #tell(state: BusState): void {
    for (const listen of this.#listeners) listen(state);
  }

  /** One message in each partition, since each may have a connection of its own. */
  #sendProbe(id: string): Probe {
    const { partitions } = this.#channels;
    const { promise: ended, resolve: end } = Promise.withResolvers<ProbeOutcome>();
    const probe: Probe = { missing: partitions.length, isTaken: false, ended, end };
    this.#probes.set(id, probe);
    const channels = partitions.map((partition) => this.#channels.probe(partition, this.#node));
    this.#link.publish(channels, id).then(
      () => (probe.isTaken = true),
      () => undefined,
    );
    return probe;
  }

  #heard(payload: Buffer): void {
    const probe = this.#probes.get(payload.toString());
    if (probe === undefined) return;
    probe.missing -= 1;
    if (probe.missing === 0) probe.end('heard');
  }

  #comesUp(): Promise<boolean> {
    return new Promise((resolve) => {
      const timeout = this.#clock.after(startTimeoutMs, () => resolve(false));
      this.#link.onState((state) => {
        if (state === 'down') return;
        timeout.cancel();
        resolve(true);
      });
    });
  }
}

class RedisControlBus implements ControlBus {
  readonly #line: Line;
  readonly #inbox: Inbox;
  readonly #envelope: Envelope;

  constructor(line: Line) {
    this.#line = line;
    this.#inbox = new Inbox(line.surroundings);
    this.#envelope = new Envelope(line.node);
  }

  async publish(message: ControlMessage): Promise<void> {
    const { channels } = this.#line;
    const to = [channels.control(channels.partitionOf(message.app))];
    await publishOrOwe(this.#line, to, this.#envelope.close(message));
  }

  onLoss(handle: () => void): void {
    this.#inbox.on('messages_lost', handle);
  }

  /** To all nodes. */
  async publishLoss(): Promise<void> {
    const { link, channels } = this.#line;
    const all = channels.partitions.map((each) => channels.control(each));
    await link.publish(all, this.#envelope.close({ type: 'messages_lost' }));
  }

  on<T extends ControlMessage['type']>(type: T, handle: (message: MessageOf<ControlMessage, T>) => void): void {
    // The inbox gives a handler messages of its type alone.
    this.#inbox.on(type, (message) => handle(message as MessageOf<ControlMessage, T>));
  }

  receive(payload: Buffer): void {
    const text = this.#envelope.open(payload);
    if (text !== undefined) this.#inbox.receive(text);
  }
}

class RedisEventBus implements EventBus {
  readonly #line: Line;
  readonly #inbox: Inbox;
  readonly #envelope: Envelope;
  readonly #followed = new Map<AppId, { count: number; standing: Promise<void> | undefined }>();

  constructor(line: Line) {
    this.#line = line;
    this.#inbox = new Inbox(line.surroundings);
    this.#envelope = new Envelope(line.node);
  }

  async publish(app: AppId, message: EventMessage, nodes?: readonly string[]): Promise<void> {
    const { channels, node } = this.#line;
    const to =
      nodes === undefined
        ? [channels.app(app)]
        : nodes.filter((each) => each !== node).map((each) => channels.appAtNode(app, each));
    await publishOrOwe(this.#line, to, this.#envelope.close(message));
  }

  on<T extends EventMessage['type']>(type: T, handle: (app: AppId, message: MessageOf<EventMessage, T>) => void): void {
    this.#inbox.on(type, (message, app) => {
      if (app !== undefined) handle(app, message as MessageOf<EventMessage, T>);
    });
  }

  async follow(app: AppId): Promise<void> {
    let followed = this.#followed.get(app);
    if (followed === undefined) this.#followed.set(app, (followed = { count: 0, standing: undefined }));
    followed.count += 1;
    const standing = (followed.standing ??= this.#listen(app));
    try {
      await standing;
    } catch (error) {
      // The next one asks anew.
      if (followed.standing === standing) followed.standing = undefined;
      throw error;
    }
  }

  async unfollow(app: AppId): Promise<void> {
    const followed = this.#followed.get(app);
    if (followed === undefined) return;
    followed.count -= 1;
    if (followed.count > 0) return;
    this.#followed.delete(app);
    await this.#line.link.leave(this.#channelsOf(app));
  }

  async #listen(app: AppId): Promise<void> {
    const { link, channels } = this.#line;
    const receive = (payload: Buffer): void => {
      const text = this.#envelope.open(payload);
      if (text !== undefined) this.#inbox.receive(text, app);
    };
    await link.listen({ partition: channels.partitionOf(app), channels: this.#channelsOf(app), receive });
  }

  #channelsOf(app: AppId): readonly string[] {
    const { channels, node } = this.#line;
    return [channels.app(app), channels.appAtNode(app, node)];
  }
}

async function publishOrOwe({ link, onFailed }: Line, channels: readonly string[], payload: string): Promise<void> {
  try {
    await link.publish(channels, payload);
  } catch (error) {
    onFailed();
    throw error;
  }
}

/** Says beside each message which node it is of, so that a node can drop its own without parsing them. */
class Envelope {
  readonly #sender: string;
  readonly #senderBytes: Buffer;

  constructor(node: string) {
    this.#sender = `${encodeURIComponent(node)}\n`;
    this.#senderBytes = Buffer.from(this.#sender);
  }

  close(message: BusMessage): string {
    return this.#sender + encodeBusMessage(message);
  }

  /** Undefined when this node sent it. */
  open(payload: Buffer): string | undefined {
    if (payload.subarray(0, this.#senderBytes.length).equals(this.#senderBytes)) return undefined;
    return payload.toString('utf8', payload.indexOf('\n') + 1);
  }
}
