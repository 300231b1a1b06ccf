// Puts right what Redis has of this node's records, from the node's own: after Redis has lost them, or may have
// lost the last of what it was told. When that is, is found by the driver.

import { setImmediate as turn } from 'node:timers/promises';
import type { AppId } from '../../../ports/app-id.ts';
import type { ConnectionRecord, OwnedRecord } from '../../../ports/presence.ts';
import type { AppRecords } from './app-records.ts';

const recordsAtOnce = 100;
const idsAtOnce = 1000;

export interface WriteBack {
  records: AppRecords;
  owner: string;
  /** What this node has, asked for as it goes on. */
  own: () => Iterable<OwnedRecord>;
  apps: ReadonlySet<AppId>;
}

/**
 * Writes the records of these apps, in which the owner was announced, and takes away those of this owner that the node does not have any more.
 * Rejects with `unavailable`, and then has to be called again.
 */
export async function writeBack({ records, owner, own, apps }: WriteBack): Promise<number> {
  // Read before the node's own are looked at: a record that is in the one and not in the other has left.
  const leftOver = new Map<AppId, Set<string>>();
  for (const app of apps) leftOver.set(app, await readIds(records, app, owner));
  let written = 0;
  for (const some of inParts(own())) {
    const wanted = some.filter(({ app }) => apps.has(app));
    for (const { app, record } of wanted) leftOver.get(app)?.delete(record.connectionId);
    // Nothing is waited for between looking at a session and sending its record: what happens to it after that
    // is sent after it.
    const sent = [...byApp(wanted)].map(([app, list]) => records.writeBack(app, owner, list));
    await Promise.all(sent);
    written += wanted.length;
    // An app of few among many is looked for in turns as well.
    await turn();
  }
  for (const [app, ids] of leftOver) {
    for (const some of inParts(ids)) await records.leave(app, owner, some);
  }
  return written;
}

async function readIds(records: AppRecords, app: AppId, owner: string): Promise<Set<string>> {
  const all = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const ids = await records.idsOf(app, owner, { after, limit: idsAtOnce });
    for (const id of ids) all.add(id);
    after = ids.at(-1);
    if (ids.length < idsAtOnce) return all;
  }
}

/** Each part is read when it is asked for. */
function* inParts<T>(items: Iterable<T>): Generator<T[]> {
  let part: T[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < recordsAtOnce) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function byApp(owned: readonly OwnedRecord[]): ReadonlyMap<AppId, readonly ConnectionRecord[]> {
  const grouped = new Map<AppId, ConnectionRecord[]>();
  for (const { app, record } of owned) {
    const list = grouped.get(app);
    if (list === undefined) grouped.set(app, [record]);
    else list.push(record);
  }
  return grouped;
}
