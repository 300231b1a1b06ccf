// Compares two archives record by record, without holding either in memory: count and checksum of each group
// (a stream, an app) on both sides. Not what is done about a difference.

import { createHash } from 'node:crypto';
import {
  archived,
  fieldOf,
  type Archive,
  type ArchivedCollection,
  type ArchivedRecord,
  type ArchiveName,
} from '../../ports/archive.ts';
import { limitOf, type MoveProgress } from './collections.ts';

export interface Difference {
  collection: ArchiveName;
  /** `demo c:c1`; empty where all of the collection is one group. */
  group: string;
  source: GroupSum | undefined;
  target: GroupSum | undefined;
}

export interface GroupSum {
  count: number;
  /** The same for the same records, in whatever order. */
  checksum: string;
}

interface Group extends GroupSum {
  name: string;
}

/** More are not looked for. */
const maxDifferences = 20;

export async function compareArchives(
  {
    source,
    target,
    now,
    onProgress,
  }: {
    source: Archive;
    target: Archive;
    now: () => number;
    onProgress?: (progress: MoveProgress) => void;
  },
  names: readonly ArchiveName[],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const atMs = now();
  let total = 0;
  for (const name of names) total += await source.count(name);
  let done = 0;
  for (const collection of names) {
    const count = (records: number): void => {
      done += records;
      onProgress?.({ state: 'comparing', collection, done, total: Math.max(total, done) });
    };
    const [ofSource, ofTarget] = [
      groupsOf(source, collection, { atMs, onRead: count }),
      groupsOf(target, collection, { atMs }),
    ];
    for await (const difference of differencesOf(ofSource, ofTarget)) {
      differences.push({ collection, ...difference });
      if (differences.length === maxDifferences) return differences;
    }
  }
  return differences;
}

/**
 * Both come in the order of their keys, so that one that is missing is noticed, and the others still meet.
 */
async function* differencesOf(
  ofSource: AsyncGenerator<Group>,
  ofTarget: AsyncGenerator<Group>,
): AsyncGenerator<Omit<Difference, 'collection'>> {
  let [source, target] = [await nextOf(ofSource), await nextOf(ofTarget)];
  while (source !== undefined || target !== undefined) {
    const order = compareNames(source?.name, target?.name);
    const [left, right] = [order <= 0 ? source : undefined, order >= 0 ? target : undefined];
    const isSame = left?.count === right?.count && left?.checksum === right?.checksum;
    if (!isSame) yield { group: left?.name ?? right?.name ?? '', source: sumOf(left), target: sumOf(right) };
    if (left !== undefined) source = await nextOf(ofSource);
    if (right !== undefined) target = await nextOf(ofTarget);
  }
}

async function nextOf(groups: AsyncGenerator<Group>): Promise<Group | undefined> {
  const next = await groups.next();
  return next.done === true ? undefined : next.value;
}

function sumOf(group: Group | undefined): GroupSum | undefined {
  return group && { count: group.count, checksum: group.checksum };
}

/** By bytes, as the engines order; one that is not there comes last. */
function compareNames(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function* groupsOf(
  archive: Archive,
  name: ArchiveName,
  { atMs, onRead }: { atMs: number; onRead?: (records: number) => void },
): AsyncGenerator<Group> {
  const collection: ArchivedCollection = archived[name];
  const isOrdered = collection.key !== undefined;
  const sums = new Map<string, Checksum>();
  let after: string | undefined;
  do {
    const part = await archive.read(name, { after, limit: limitOf(name), order: 'key', atMs });
    for (const record of part.records) {
      const group = collection.group.map((field) => String(fieldOf(record, field))).join(groupSeparator);
      let sum = sums.get(group);
      if (sum === undefined) {
        // In the order of the keys the group before it is complete.
        if (isOrdered) yield* ended(sums);
        sum = new Checksum(Object.keys(collection.fields));
        sums.set(group, sum);
      }
      sum.add(record);
    }
    onRead?.(part.records.length);
    after = part.next;
  } while (after !== undefined);
  yield* ended(sums);
}

/** Below every letter, so that names of groups are in the order of their fields. */
const groupSeparator = '\u0000';

function* ended(sums: Map<string, Checksum>): Generator<Group> {
  for (const name of [...sums.keys()].toSorted(compareNames)) {
    const sum = sums.get(name);
    if (sum !== undefined) yield { name, count: sum.count, checksum: sum.text };
  }
  sums.clear();
}

/** A sum of digests: records without a key have no order that two engines share. */
class Checksum {
  readonly #fields: readonly string[];
  count = 0;
  #sum = 0n;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  add(record: ArchivedRecord): void {
    const values = this.#fields.map((field) => fieldOf(record, field) ?? null);
    const digest = createHash('sha256').update(JSON.stringify(values)).digest();
    this.#sum = BigInt.asUintN(128, this.#sum + ((digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8)));
    this.count += 1;
  }

  get text(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}
