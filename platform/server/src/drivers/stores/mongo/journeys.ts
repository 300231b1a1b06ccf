// Rows of facts about messages. Not their meaning, nor how they are folded: journey.

import { inboxStream } from '@belfry/protocol';
import { GatheredByApp } from '../../../concurrency/gathered-by-app.ts';
import { partsOf } from '../../../concurrency/parts-of.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest, JourneyRow, JourneyStore } from '../../../ports/stores/index.ts';
import { renameUser, withinJson } from '../erase-user.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { declareCollection } from './declaration.ts';
import { containing, scanPart } from './erasing-scan.ts';

interface RowDocument {
  messageId?: string;
  stream?: string;
  from?: number;
  to?: number;
  type: string;
  at: number;
  body: string;
}

/** All rows of one append: so they are stored together or not at all, by one write. */
export interface JourneyDocument {
  app: string;
  /** Of the oldest row. */
  oldestAt: number;
  rows: readonly RowDocument[];
  /** Grows with every change of the rows. */
  version: number;
}

export const journeyCollection = declareCollection<JourneyDocument>(
  'journeys',
  {
    app: String,
    oldestAt: Number,
    rows: [{}],
    version: Number,
  },
  [
    { key: { app: 1, 'rows.messageId': 1 } },
    { key: { app: 1, 'rows.stream': 1, 'rows.to': 1 } },
    { key: { app: 1, oldestAt: 1, _id: 1 } },
  ],
);

/** Characters of one document, far below what one may have. An append that is larger is several writes. */
const maxCharacters = 4_000_000;
/** Messages, and places, that are looked for at once. */
const lookedForAtOnce = 100;
/** Documents that are looked at together. */
const perPart = 50;

type Question = Parameters<JourneyStore['read']>[1];

export class MongoJourneys implements JourneyStore {
  readonly #journeys: Collection<JourneyDocument>;
  readonly #rows: GatheredByApp<Question, readonly JourneyRow[]>;

  constructor(journeys: Collection<JourneyDocument>) {
    this.#journeys = journeys;
    this.#rows = new GatheredByApp((app, questions) => this.#rowsFor(app, questions));
  }

  async append(app: AppId, rows: readonly JourneyRow[]): Promise<void> {
    const documents = documentsOf(app, rows);
    await this.#journeys.batch(
      documents.map((document) => ({ insertOne: { document } })),
      { ordered: true },
    );
  }

  /** With all that is asked for in this turn of the event loop: one look for many is hardly more than for one. */
  async read(app: AppId, about: Question): Promise<readonly JourneyRow[]> {
    return (await this.#rows.of(app, about)) ?? [];
  }

  async #rowsFor(app: AppId, questions: readonly Question[]): Promise<ReadonlyMap<Question, readonly JourneyRow[]>> {
    const documents = await this.#documentsFor(app, questions);
    return new Map(questions.map((about) => [about, rowsAbout(about, documents)]));
  }

  /** In the order in which they were written. */
  async #documentsFor(app: AppId, questions: readonly Question[]): Promise<readonly Stored<JourneyDocument>[]> {
    const found = new Map<string, Stored<JourneyDocument>>();
    const keep = (documents: readonly Stored<JourneyDocument>[]): void => {
      for (const document of documents) found.set(document._id.toHexString(), document);
    };
    const messageIds = [...new Set(questions.map(({ messageId }) => messageId))];
    for (const part of partsOf(messageIds, lookedForAtOnce))
      keep(await this.#journeys.find({ app, 'rows.messageId': trusted({ $in: part }) }));
    const at = new Map(questions.flatMap((each) => each.at.map((place) => [`${place.seq} ${place.stream}`, place])));
    for (const part of partsOf([...at.values()], lookedForAtOnce)) {
      const places = part.map(({ stream, seq }) => ({
        rows: trusted({ $elemMatch: { stream, to: { $gte: seq }, from: { $lte: seq } } }),
      }));
      keep(await this.#journeys.find({ app, $or: places }));
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document);
  }

  async prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    let pruned = 0;
    while (pruned < limit) {
      const documents = await this.#journeys.find(
        { app, oldestAt: trusted({ $lt: beforeMs }) },
        { sort: { oldestAt: 1, _id: 1 }, limit: perPart },
      );
      if (documents.length === 0) break;
      const old = documents
        .flatMap((document) => document.rows.map((row) => ({ document, row })))
        .filter(({ row }) => row.at < beforeMs)
        .sort((a, b) => a.row.at - b.row.at)
        .slice(0, limit - pruned);
      const gone = new Set(old.map(({ row }) => row));
      for (const document of documents) {
        const rows = document.rows.filter((row) => !gone.has(row));
        if (rows.length === document.rows.length) continue;
        if (await this.#replace(document, rows)) pruned += document.rows.length - rows.length;
      }
    }
    return pruned;
  }

  async erase(app: AppId, request: EraseRequest): Promise<Erased> {
    const { userId, after, limit } = request;
    const hits = {
      $or: [{ 'rows.stream': inboxStream(userId) }, { 'rows.body': containing(withinJson(userId)) }],
    } as Filter<JourneyDocument>;
    const order = ['oldestAt', '_id'] as const;
    // A document has many rows.
    const { found, next } = await scanPart(this.#journeys, {
      app,
      order,
      after,
      limit: Math.min(limit, perPart),
      hits,
    });
    let erased = 0;
    for (let document of found) {
      for (;;) {
        const rows = document.rows.map((row) => rename(row, request));
        const changed = rows.filter((row, at) => row !== document.rows[at]).length;
        if (changed === 0 || (await this.#replace(document, rows))) {
          erased += changed;
          break;
        }
        const again = await this.#journeys.findOne({ _id: document._id });
        if (again === undefined) break;
        document = again;
      }
    }
    return { erased, ...(next === undefined ? {} : { next }) };
  }

  /** False when somebody else changed it since. */
  async #replace({ _id, version }: Stored<JourneyDocument>, rows: readonly RowDocument[]): Promise<boolean> {
    if (rows.length === 0) return (await this.#journeys.remove({ _id, version })) > 0;
    const update = { $set: { rows, oldestAt: oldestOf(rows) }, $inc: { version: 1 } };
    return (await this.#journeys.update({ _id, version }, update)).matched > 0;
  }
}

function rowsAbout(about: Question, documents: readonly JourneyDocument[]): JourneyRow[] {
  const seqs = new Map<string, Set<number>>();
  for (const { stream, seq } of about.at) seqs.set(stream, (seqs.get(stream) ?? new Set()).add(seq));
  const isMeant = (row: RowDocument): boolean => row.messageId === about.messageId || covers(row, seqs);
  return documents
    .flatMap(({ rows }) => rows.filter(isMeant))
    .sort((a, b) => a.at - b.at)
    .map(toRow);
}

export function documentsOf(app: string, rows: readonly JourneyRow[]): JourneyDocument[] {
  return inDocuments(rows).map((part) => ({ app, oldestAt: oldestOf(part), rows: part, version: 1 }));
}

function inDocuments(rows: readonly JourneyRow[]): RowDocument[][] {
  const documents: RowDocument[][] = [];
  let characters = Infinity;
  for (const { messageId, range, ...row } of rows) {
    characters += row.body.length;
    if (characters > maxCharacters) {
      documents.push([]);
      characters = row.body.length;
    }
    documents.at(-1)?.push({ ...row, ...(messageId !== undefined && { messageId }), ...range });
  }
  return documents;
}

function oldestOf(rows: readonly RowDocument[]): number {
  return rows.map(({ at }) => at).reduce((a, b) => Math.min(a, b));
}

function covers({ stream, from, to }: RowDocument, seqs: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  if (stream === undefined || from === undefined || to === undefined) return false;
  return [...(seqs.get(stream) ?? [])].some((seq) => from <= seq && seq <= to);
}

function rename(row: RowDocument, { userId, as }: EraseRequest): RowDocument {
  const isInbox = row.stream === inboxStream(userId);
  const body = JSON.stringify(renameUser(JSON.parse(row.body), { userId, as }));
  if (!isInbox && body === row.body) return row;
  return { ...row, body, ...(isInbox && { stream: inboxStream(as) }) };
}

function toRow({ messageId, stream, from, to, type, at, body }: RowDocument): JourneyRow {
  return {
    ...{ type, at, body },
    ...(messageId !== undefined && { messageId }),
    ...(stream !== undefined && from !== undefined && to !== undefined && { range: { stream, from, to } }),
  };
}
