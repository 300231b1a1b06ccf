// The bus within one process: what the embedded engine uses with one node, and tests with several. Not a bus between processes.

import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { Bus, BusMessage, BusState } from '../../../ports/bus.ts';
import type { Clock } from '../../../ports/clock.ts';
import { createSystemClock } from '../../clock.ts';
import { silentLog } from '../../driver-log.ts';
import type { DriverLog } from '../../driver-log.ts';

export interface MemoryBusHub {
  connect(node: string): Bus;
  /** Loses the next `count` messages that are handed to the transport, probes among them. */
  dropNext(count: number): void;
  /** Cuts one node off, or all: publishing rejects, what was under way to it is lost. */
  down(node?: string): void;
  up(node?: string): void;
  /** Keeps everything under way until `release`, which delivers it in order. */
  hold(): void;
  release(): void;
}

interface Member {
  node: string;
  state: BusState;
  closed: boolean;
  followed: Map<AppId, number>;
  handlers: Map<string, (app: AppId, body: unknown) => void>;
  listeners: ((state: BusState) => void)[];
}

export function createMemoryBusHub(options: { clock?: Clock; log?: DriverLog } = {}): MemoryBusHub {
  const { clock = createSystemClock(), log = silentLog } = options;
  const members = new Set<Member>();
  let underWay: (() => void)[] = [];
  let scheduled = false;
  let held = false;
  let dropping = 0;

  /** Later, never within the caller's own turn: a bus that answered at once would hide races that a real one shows. */
  function carry(deliver: () => void): void {
    if (dropping > 0) {
      dropping -= 1;
      return;
    }
    underWay.push(deliver);
    move();
  }

  function move(): void {
    if (held || scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      if (held) return;
      for (const deliver of underWay.splice(0)) deliver();
    });
  }

  function publish(from: Member, app: AppId, message: BusMessage): void {
    const others = [...members].filter((member) => member !== from && member.followed.has(app));
    // Text, as on a wire: what JSON loses is lost here too, and nodes share no objects.
    const body = others.length === 0 ? '' : JSON.stringify(message.body ?? null);
    carry(() => {
      for (const member of others) receive(member, app, { type: message.type, body });
    });
  }

  function receive(member: Member, app: AppId, { type, body }: { type: string; body: string }): void {
    if (member.closed || member.state === 'down' || !member.followed.has(app)) return;
    try {
      member.handlers.get(type)?.(app, JSON.parse(body));
    } catch (error) {
      log.error({ node: member.node, app, type, err: error }, 'bus: a handler threw');
    }
  }

  function setState(node: string | undefined, state: BusState): void {
    for (const member of members) {
      if ((node !== undefined && member.node !== node) || member.state === state) continue;
      member.state = state;
      for (const listen of member.listeners) listen(state);
    }
  }

  function connect(node: string): Bus {
    const member: Member = {
      node,
      state: 'up',
      closed: false,
      followed: new Map(),
      handlers: new Map(),
      listeners: [],
    };
    members.add(member);
    const reachable = (): boolean => member.state === 'up' && !member.closed;
    return {
      async publish(app, message) {
        if (!reachable()) throw new BelfryError('unavailable');
        publish(member, app, message);
      },
      on(type, handle) {
        if (member.handlers.has(type)) throw new Error(`the bus has a handler of ${type} already`);
        member.handlers.set(type, handle);
      },
      async follow(app) {
        member.followed.set(app, (member.followed.get(app) ?? 0) + 1);
      },
      async unfollow(app) {
        const count = member.followed.get(app) ?? 0;
        if (count > 1) member.followed.set(app, count - 1);
        else member.followed.delete(app);
      },
      onState: (listen) => void member.listeners.push(listen),
      state: () => member.state,
      async probe(timeoutMs) {
        if (!reachable()) return undefined;
        const sentAt = clock.monotonic();
        return new Promise((resolve) => {
          const timeout = clock.after(timeoutMs, () => resolve(undefined));
          carry(() => {
            if (!reachable()) return;
            timeout.cancel();
            resolve(clock.monotonic() - sentAt);
          });
        });
      },
      async close() {
        member.closed = true;
        members.delete(member);
      },
    };
  }

  return {
    connect,
    dropNext: (count) => void (dropping += count),
    down(node) {
      if (node === undefined) underWay = [];
      setState(node, 'down');
    },
    up: (node) => setState(node, 'up'),
    hold: () => void (held = true),
    release() {
      held = false;
      move();
    },
  };
}
