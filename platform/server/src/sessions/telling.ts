// Sends one event to one connection, wherever it is. Events for people: broadcasting.

import type { ServerEvent } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Presence } from '../ports/presence.ts';
import { encode } from './encoded.ts';
import type { Registry } from './registry.ts';

interface TellingDeps {
  registry: Pick<Registry, 'byId'>;
  presence: Pick<Presence, 'byId'>;
  bus: Pick<Bus, 'control'>;
}

export class Telling {
  readonly #deps: TellingDeps;

  constructor(deps: TellingDeps) {
    this.#deps = deps;
    deps.bus.control.on('tell_connection', ({ app, connectionId, event }) => {
      this.#tellHere(app, connectionId, event);
    });
  }

  /** False when no node has the connection; rejects with `unavailable` when the bus does not take it. */
  async tell(app: AppId, connectionId: string, event: ServerEvent): Promise<boolean> {
    const { presence, bus } = this.#deps;
    if (this.#tellHere(app, connectionId, event)) return true;
    if ((await presence.byId(app, connectionId)) === undefined) return false;
    await bus.control.publish({ type: 'tell_connection', app, connectionId, event });
    return true;
  }

  #tellHere(app: AppId, connectionId: string, event: ServerEvent): boolean {
    const session = this.#deps.registry.byId(connectionId);
    if (session?.app !== app) return false;
    session.outlet.send(encode(event));
    return true;
  }
}
