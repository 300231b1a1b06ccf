// Lists of connections that are asked for once: each node answers for its own, by the same filters as lists that live.
// Of a connection of a node that does not answer less is known: what presence has.

import { subject, type NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Presence } from '../../ports/presence.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import {
  connectionKey,
  connectionOrder,
  connectionShape,
  connectionTests,
  placeOrder,
  type ConnectionFilter,
  type ConnectionSort,
} from './connection-filter.ts';
import { rowOfRecord, rowOfSession, type ConnectionRow } from './connection-row.ts';
import { MergedView } from './merged-view.ts';
import { codesFor, type PartAnswer } from './part.ts';
import type { Place, ViewAnswer } from './view-shape.ts';
import { View } from './view.ts';

/** What is shown of one connection beside its row. */
export interface ConnectionDetails {
  address?: string;
  topics: readonly string[];
  features: readonly string[];
  roles: readonly string[];
  tokenExpiresAtMs?: number;
}

export interface ListAsked {
  filter: ConnectionFilter;
  sort: ConnectionSort;
  isDescending: boolean;
}

/** `silent`: nodes that are there and did not answer: their connections are missing. */
export interface ConnectionPage extends Omit<ViewAnswer<ConnectionRow>, 'n' | 'from'> {
  hasMore: boolean;
  silent: readonly string[];
}

interface FoundConnection {
  row: ConnectionRow;
  details: ConnectionDetails | undefined;
}

/** Rows behind a place, the first `limit` of them. */
interface PageAsked extends ListAsked {
  app: AppId;
  after: Place | undefined;
  limit: number;
  atMs: number;
}

interface ConnectionListsDeps {
  registry: Pick<Registry, 'ofApp' | 'ofUser' | 'byId'>;
  presence: Pick<Presence, 'byId' | 'ofUsers'>;
  line: NodeLine;
  clock: { now: () => number };
}

const readPage = subject<PageAsked, PartAnswer<ConnectionRow>>('connections/1 page');
const findOne = subject<{ app: AppId; id: string }, FoundConnection>('connections/1 find');

const rowsAtOnce = 2000;
/** Of one list that is read to its end. */
const mostRows = 500_000;
const mostOfUser = 1000;

export class ConnectionLists {
  readonly #deps: ConnectionListsDeps;

  constructor(deps: ConnectionListsDeps) {
    this.#deps = deps;
    deps.line.handle(readPage, (asked) => this.#ownPage(asked));
    deps.line.handle(findOne, ({ app, id }) => this.#ownOne(app, id));
  }

  /** The first rows behind a place, with the numbers of all that fit. */
  async page(
    app: AppId,
    asked: ListAsked,
    { after, limit }: { after?: Place | undefined; limit: number },
  ): Promise<ConnectionPage> {
    const { line, clock } = this.#deps;
    const { by, silent } = await line.ask(readPage, { app, ...asked, after, limit, atMs: clock.now() });
    const merged = new MergedView<ConnectionRow>({
      ...{ keyOf: connectionKey(asked.sort), compare: placeOrder(asked.isDescending) },
      window: { from: 0, size: limit, follows: false },
    });
    for (const [node, part] of by) merged.put(node, part);
    const { n: _n, from: _from, ...answer } = merged.answer();
    const hasMore = [...by.values()].reduce((sum, { length }) => sum + length, 0) > answer.rows.length;
    return { ...answer, hasMore, silent };
  }

  /** All that fit, in order, many at a time. */
  async *pages(app: AppId, asked: ListAsked): AsyncGenerator<readonly ConnectionRow[]> {
    const key = connectionKey(asked.sort);
    let after: Place | undefined;
    for (let count = 0; count < mostRows; count += rowsAtOnce) {
      const { rows, hasMore } = await this.page(app, asked, { after, limit: rowsAtOnce });
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (!hasMore || last === undefined) return;
      after = { id: last.id, key: key(last) };
    }
  }

  /** Undefined when no node has it; without details where its node does not answer. */
  async find(app: AppId, id: string): Promise<FoundConnection | undefined> {
    const { line, presence } = this.#deps;
    const { by } = await line.ask(findOne, { app, id }, { isEnough: () => true });
    const [found] = by.values();
    if (found !== undefined) return found;
    const record = await presence.byId(app, id);
    return record === undefined ? undefined : { row: rowOfRecord(record), details: undefined };
  }

  /** The oldest first. */
  async ofUser(app: AppId, userId: string): Promise<ConnectionRow[]> {
    const order = { sort: 'connectedAt', isDescending: false } as const;
    const [records, { rows }] = await Promise.all([
      this.#deps.presence.ofUsers(app, [userId]),
      this.page(app, { filter: { user: [userId] }, ...order }, { limit: mostOfUser }),
    ]);
    const known = new Map(rows.map((row) => [row.id, row]));
    return (records.get(userId) ?? [])
      .map((record) => known.get(record.connectionId) ?? rowOfRecord(record))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #ownPage({ app, filter, sort, isDescending, after, limit, atMs }: PageAsked): PartAnswer<ConnectionRow> {
    const part = { keyOf: connectionKey(sort), comparePlaces: placeOrder(isDescending) };
    const view = new View<ConnectionRow>({
      ...{ tests: connectionTests(filter, atMs), compare: connectionOrder(sort, isDescending) },
      ...{ shape: connectionShape, part },
      rows: this.#sessions(app, filter).map(rowOfSession),
      window: { from: 0, size: 0, follows: false },
    });
    const from = after === undefined ? 0 : view.countBefore(after, { andAt: true });
    const { rows, total, strangers, fresh, facets } = view.look({ from, size: limit, follows: false });
    return {
      ...{ n: 0, from: 0, rows: from < view.length ? rows : [], length: view.length - from, places: [] },
      ...{ numbers: { total, strangers, fresh }, people: codesFor(view.people()), facets },
    };
  }

  /** Of a few people only theirs are looked at. */
  #sessions(app: AppId, { user }: ConnectionFilter): Session[] {
    const { registry } = this.#deps;
    if (user === undefined || user.length === 0) return [...(registry.ofApp(app) ?? [])];
    return [...new Set(user)].flatMap((userId) => registry.ofUser(app, userId));
  }

  #ownOne(app: AppId, id: string): FoundConnection | undefined {
    const session = this.#deps.registry.byId(id);
    return session?.app === app ? { row: rowOfSession(session), details: detailsOf(session) } : undefined;
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
