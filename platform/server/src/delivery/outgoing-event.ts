// One event on its way to many sessions, encoded when the first of them takes it. Who they are is decided
// elsewhere.

import type { ServerEvent } from '@belfry/protocol';
import type { Metrics } from '../ports/metrics.ts';
import { encode, type Encoded } from '../sessions/encoded.ts';

export class OutgoingEvent {
  readonly event: ServerEvent;
  readonly #metrics: Pick<Metrics, 'count'>;
  #encoded: Encoded | undefined;

  constructor(event: ServerEvent, metrics: Pick<Metrics, 'count'>) {
    this.event = event;
    this.#metrics = metrics;
  }

  encoded(): Encoded {
    if (this.#encoded !== undefined) return this.#encoded;
    this.#metrics.count('events_encoded_total');
    return (this.#encoded = encode(this.event));
  }
}
