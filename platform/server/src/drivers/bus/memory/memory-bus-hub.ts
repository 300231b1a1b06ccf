// The bus within one process: the embedded engine uses it with one node, and tests with several. Not a bus
// between processes.

import { BelfryError } from '@belfry/protocol';
import type { Bus, BusState } from '../../../ports/bus.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { MemoryBus } from './memory-bus.ts';

/** Has `deliver` called when a message arrives: later, never within the publisher's own turn. */
export type Carry = (deliver: () => void) => void;

export class MemoryBusHub {
  readonly #members = new Set<MemoryBus>();
  readonly #surroundings: Surroundings;
  readonly #carry: Carry;

  /** `carry` keeps the order when it is left out. */
  constructor(surroundings: Surroundings, carry: Carry = carryInOrder()) {
    this.#surroundings = surroundings;
    this.#carry = carry;
  }

  connect(node: string): Bus {
    const member: MemoryBus = new MemoryBus(node, {
      surroundings: this.#surroundings,
      carry: this.#carry,
      send: (encode, deliver) => this.#send(member, encode, deliver),
      leave: () => void this.#members.delete(member),
    });
    this.#members.add(member);
    return member;
  }

  /** Of one node, or of all: while it is down, publishing rejects there, and what arrives is lost. */
  setState(state: BusState, node?: string): void {
    for (const member of this.#members) if (node === undefined || member.node === node) member.setState(state);
  }

  #send(from: MemoryBus, encode: () => string, deliver: (to: MemoryBus, text: string) => void): void {
    if (!from.isReachable()) {
      from.owe();
      throw new BelfryError('unavailable');
    }
    // An installation of one node pays nothing for events that nobody else hears.
    if (this.#members.size === 1) return;
    const others = [...this.#members].filter((member) => member !== from);
    // Text, as on a wire: what JSON loses is lost here too, and nodes share no objects.
    const text = encode();
    this.#carry(() => {
      for (const member of others) if (member.isReachable()) deliver(member, text);
    });
  }
}

/** One queue for everything, so that the order holds between control messages and events as well. */
function carryInOrder(): Carry {
  let underWay: (() => void)[] = [];
  return (deliver) => {
    underWay.push(deliver);
    if (underWay.length > 1) return;
    // A bus that delivered at once would hide races that a real one shows.
    queueMicrotask(() => {
      const due = underWay;
      underWay = [];
      for (const each of due) each();
    });
  };
}
