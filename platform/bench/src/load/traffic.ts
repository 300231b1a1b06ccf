// When the next message is sent: as many as may be on their way, or at a pace. Messages and senders:
// fleet.ts.
import type { SendOrder } from './orders.ts';

/** Messages that are due at a pace are sent this often; finer than any delay that is measured in ms. */
const tickMs = 1;

export class Traffic {
  readonly #order: SendOrder;
  readonly #sendOne: (turn: number) => void;
  /** How much has arrived since it began. */
  readonly #arrived: () => number;
  readonly #begunMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  sent = 0;

  constructor(deps: { order: SendOrder; sendOne: (turn: number) => void; arrived: () => number }) {
    this.#order = deps.order;
    this.#sendOne = deps.sendOne;
    this.#arrived = deps.arrived;
    if ('perSecond' in deps.order.rate) this.#timer = setInterval(() => this.pump(), tickMs);
  }

  /** Sends what may be sent now; called whenever something has arrived. */
  pump(): void {
    const { rate, receivers } = this.#order;
    if ('perSecond' in rate) {
      // By the clock and not by the tick: a generator that was held up sends the rest late, and the receivers
      // see that in the delay.
      const due = ((performance.now() - this.#begunMs) * rate.perSecond) / 1000;
      while (this.sent < due) this.#send();
      return;
    }
    while (this.sent * receivers - this.#arrived() < rate.window * receivers) this.#send();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #send(): void {
    const turn = this.sent;
    this.sent += 1;
    this.#sendOne(turn);
  }
}
