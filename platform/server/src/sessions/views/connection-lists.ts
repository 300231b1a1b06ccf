// Lists of connections that are asked for once: of all nodes, by the same filters as those that live. Of a
// connection of another node less is known: what presence has.

import type { AppId } from '../../ports/app-id.ts';
import type { Presence } from '../../ports/presence.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import {
  connectionOrder,
  connectionShape,
  connectionTests,
  type ConnectionFilter,
  type ConnectionSort,
} from './connection-filter.ts';
import { rowOfRecord, rowOfSession, type ConnectionRow } from './connection-row.ts';
import { View } from './view.ts';

/** What is shown of one connection beside its row; of those of this node alone. */
export interface ConnectionDetails {
  address?: string;
  topics: readonly string[];
  features: readonly string[];
  roles: readonly string[];
  tokenExpiresAtMs?: number;
}

interface ConnectionListsDeps {
  registry: Pick<Registry, 'ofApp' | 'byId'>;
  presence: Pick<Presence, 'page' | 'byId' | 'ofUsers'>;
  clock: { now: () => number };
}

const recordsAtOnce = 1000;
/** Connections of other nodes that one list reads. */
const mostElsewhere = 100_000;

export class ConnectionLists {
  readonly #deps: ConnectionListsDeps;

  constructor(deps: ConnectionListsDeps) {
    this.#deps = deps;
  }

  /** All that fit, in order, with their numbers. */
  async list(
    app: AppId,
    asked: { filter: ConnectionFilter; sort: ConnectionSort; isDescending: boolean },
  ): Promise<View<ConnectionRow>> {
    return new View({
      tests: connectionTests(asked.filter, this.#deps.clock.now()),
      compare: connectionOrder(asked.sort, asked.isDescending),
      shape: connectionShape,
      rows: await this.#rows(app),
      window: { from: 0, size: 0, follows: false },
    });
  }

  /** Undefined when no node has it. */
  async find(
    app: AppId,
    id: string,
  ): Promise<{ row: ConnectionRow; details: ConnectionDetails | undefined } | undefined> {
    const session = this.#deps.registry.byId(id);
    if (session?.app === app) return { row: rowOfSession(session), details: detailsOf(session) };
    const record = await this.#deps.presence.byId(app, id);
    return record === undefined ? undefined : { row: rowOfRecord(record), details: undefined };
  }

  /** The oldest first. */
  async ofUser(app: AppId, userId: string): Promise<ConnectionRow[]> {
    const records = (await this.#deps.presence.ofUsers(app, [userId])).get(userId) ?? [];
    return records
      .map((record) => {
        const session = this.#deps.registry.byId(record.connectionId);
        return session === undefined ? rowOfRecord(record) : rowOfSession(session);
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #rows(app: AppId): Promise<ConnectionRow[]> {
    const { registry, presence } = this.#deps;
    const rows = Array.from(registry.ofApp(app) ?? [], rowOfSession);
    let after: string | undefined;
    while (rows.length < mostElsewhere) {
      const records = await presence.page(app, { after, limit: recordsAtOnce, elsewhere: true });
      // One that moved here meanwhile is here already.
      for (const record of records)
        if (registry.byId(record.connectionId) === undefined) rows.push(rowOfRecord(record));
      after = records.at(-1)?.connectionId;
      if (records.length < recordsAtOnce) break;
    }
    return rows;
  }
}

function detailsOf(session: Session): ConnectionDetails {
  const { address, topics, page, profile, tokenExpiresAtMs } = session;
  return {
    ...(address === undefined ? {} : { address }),
    ...{ topics: [...topics], features: [...page.features], roles: [...(profile.roles ?? [])] },
    ...(tokenExpiresAtMs === undefined ? {} : { tokenExpiresAtMs }),
  };
}
