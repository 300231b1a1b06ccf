// The audit as JSON beside the fields by which entries are found. Not what is worth an entry.

import type { AuditEntry, AuditFilter, AuditStore, Counted, Page, PageRequest } from '../../../ports/stores/index.ts';
import { actionOf, auditText, objectOf } from '../audit-columns.ts';
import { countAudit } from '../count-values.ts';
import { bodyOf, type WithBody } from './body.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { containing } from './erasing-scan.ts';
import { removeFirst } from './limited-removal.ts';

interface AuditDocument extends WithBody {
  tenant: string;
  id: string;
  at: number;
  actor: string;
  action: string;
  app?: string;
  objectType: string;
  objectId: string;
  text: string;
}

export const audit = declareCollection<AuditDocument>(
  'audit',
  {
    ...{ tenant: String, id: String, at: Number, actor: String, action: String, app: String },
    ...{ objectType: String, objectId: String, text: String, body: String },
  },
  [{ key: { tenant: 1, id: 1 }, unique: true }, { key: { at: 1 } }],
);

export class MongoAudit implements AuditStore {
  readonly #entries: Collection<AuditDocument>;

  constructor(connection: MongoConnection) {
    this.#entries = new Collection(connection, audit);
  }

  async append(entry: AuditEntry): Promise<void> {
    const { tenant, id, at, actor, action, app, object } = entry;
    await this.#entries.insert({
      ...{ tenant, id, at, actor: actor.id, action, ...(app !== undefined && { app }) },
      ...{ objectType: object.type, objectId: object.id, text: auditText(entry), body: JSON.stringify(entry) },
    });
  }

  async list(tenant: string, { after, limit, ...filter }: PageRequest & AuditFilter): Promise<Page<AuditEntry>> {
    const from = after === undefined ? {} : { id: trusted({ $lt: after }) };
    const found = await this.#entries.find(
      { tenant, ...from, ...filterOf(filter) },
      { sort: { id: -1 }, limit: limit + 1 },
    );
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return {
      items: rows.map((row) => bodyOf<AuditEntry>(row)),
      ...(found.length > limit && last !== undefined ? { next: last.id } : {}),
    };
  }

  async count(
    tenant: string,
    { scan, ...filter }: AuditFilter & { scan: number },
  ): Promise<Counted<'actor' | 'action' | 'app'>> {
    // The first that is not looked at: the filter alone could walk through all that is kept.
    const [end] = await this.#entries.find({ tenant }, { sort: { id: -1 }, only: ['id'], limit: 1, skip: scan });
    const within = end === undefined ? {} : { id: trusted({ $gt: end.id }) };
    const found = await this.#entries.find(
      { tenant, ...within, ...filterOf(filter) },
      { only: ['actor', 'action', 'app'] },
    );
    return countAudit(found, end !== undefined);
  }

  async get(tenant: string, id: string): Promise<AuditEntry | undefined> {
    const found = await this.#entries.findOne({ tenant, id });
    return found && bodyOf(found);
  }

  prune(beforeMs: number, limit: number): Promise<number> {
    return removeFirst(this.#entries, { filter: { at: trusted({ $lt: beforeMs }) }, sort: { at: 1 }, limit });
  }
}

function filterOf(filter: AuditFilter): Filter<AuditDocument> {
  const { exact, prefix } = actionOf(filter);
  const { type, id } = objectOf(filter);
  const { actor, app, ofApps = false, from, to, q } = filter;
  const all: Filter<AuditDocument>[] = [
    ...(actor === undefined ? [] : [{ actor }]),
    ...(exact === undefined ? [] : [{ action: exact }]),
    // Every text that begins so, and none that goes beyond.
    ...(prefix === undefined || prefix === '' ? [] : [{ action: trusted({ $gte: prefix, $lt: `${prefix}\uFFFF` }) }]),
    ...(type === undefined ? [] : [{ objectType: type }]),
    ...(id === undefined ? [] : [{ objectId: id }]),
    ...(app === undefined ? [] : [{ app }]),
    ...(ofApps ? [{ app: trusted({ $exists: true }) }] : []),
    ...(from === undefined ? [] : [{ at: trusted({ $gte: from }) }]),
    ...(to === undefined ? [] : [{ at: trusted({ $lte: to }) }]),
    ...(q === undefined ? [] : [{ text: containing(q.toLowerCase()) }]),
  ];
  return all.length === 0 ? {} : { $and: all };
}
