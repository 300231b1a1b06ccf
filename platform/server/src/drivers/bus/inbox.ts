// The messages that arrive at one node over one half of a bus: read, validated, and given to the handler of
// their type. Their way here is the driver's business.

import type { AppId } from '../../ports/app-id.ts';
import { parseBusMessage, type BusMessage } from '../../ports/bus-messages.ts';
import type { Surroundings } from '../../ports/surroundings.ts';

type Handler = (message: BusMessage, app: AppId | undefined) => void;

export class Inbox {
  readonly #surroundings: Pick<Surroundings, 'log' | 'metrics'>;
  readonly #handlers = new Map<string, Handler>();

  constructor(surroundings: Pick<Surroundings, 'log' | 'metrics'>) {
    this.#surroundings = surroundings;
  }

  on(type: string, handle: Handler): void {
    if (this.#handlers.has(type)) throw new Error(`the bus has a handler of ${type} already`);
    this.#handlers.set(type, handle);
  }

  /** Never throws. `app` is that of an event. */
  receive(text: string, app?: AppId): void {
    const { log, metrics } = this.#surroundings;
    const message = parseBusMessage(text);
    if (typeof message === 'string') {
      metrics.count('bus_messages_ignored_total', [message]);
      log.debug('a message of another node is ignored', { reason: message, app });
      return;
    }
    try {
      this.#handlers.get(message.type)?.(message, app);
    } catch (error) {
      log.error('a handler of the bus threw', { type: message.type, app, err: error });
    }
  }
}
