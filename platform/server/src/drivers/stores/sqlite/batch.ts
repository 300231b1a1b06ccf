// Executes a batch of calls in one transaction: the group commit. Not the collecting of a batch: client.ts.

import type { DatabaseSync } from 'node:sqlite';
import { methodsOf } from '../synchronous.ts';
import type { Synchronous } from '../synchronous.ts';
import { methods } from './methods.ts';
import type { SqliteStoreSet } from './methods.ts';
import { isStorageFailure } from './sqlite-failure.ts';
import type { Call, CallResult } from './wire.ts';

export interface BatchOutcome {
  /** Of the first calls; the others were not begun. */
  results: readonly CallResult[];
  storage: 'ok' | 'wrote' | 'failed';
}

export type SynchronousStores = { [S in keyof SqliteStoreSet]: Synchronous<SqliteStoreSet[S]> };

interface Operation {
  writes: boolean;
  run(args: readonly unknown[]): unknown;
}

/**
 * No batch goes on for longer, ms: whoever comes meanwhile waits for it, and a thousand calls of one app may
 * take seconds. The call under way is finished, and one is always done.
 */
const longestBatchMs = 200;

/**
 * A call that fails takes only itself back: the batch is then taken back and carried out anew, with each
 * writing call in a savepoint of its own. Nearly no batch needs that, and a savepoint costs a short call a
 * quarter more. When the disk or the file fails, the whole batch is taken back and every call of it answers
 * `unavailable`: nobody is answered with something that a later call's failure undid.
 */
export function createBatchRunner(
  db: DatabaseSync,
  stores: SynchronousStores,
  now: () => number = () => performance.now(),
): (calls: readonly Call[]) => BatchOutcome {
  const operations = listOperations(stores);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const mark = db.prepare('SAVEPOINT call');
  const release = db.prepare('RELEASE call');
  const takeBack = db.prepare('ROLLBACK TO call');

  const runPlainly = ({ call, operation }: Planned): CallResult => {
    if (operation === undefined) return unknownCall(call);
    try {
      return { ok: true, value: operation.run(call.args) };
    } catch (error) {
      if (isStorageFailure(error) || (operation.writes && !db.isTransaction)) throw new BatchFailure(error);
      // A reading call that failed left nothing to take back.
      if (operation.writes) throw new CallFailure();
      return defect(error);
    }
  };

  const runApart = ({ call, operation }: Planned): CallResult => {
    if (operation === undefined) return unknownCall(call);
    if (operation.writes) mark.run();
    try {
      const value = operation.run(call.args);
      if (operation.writes) release.run();
      return { ok: true, value };
    } catch (error) {
      // Some failures end the transaction by themselves; then there is no savepoint left to go back to.
      if (isStorageFailure(error) || (operation.writes && !db.isTransaction)) throw new BatchFailure(error);
      if (operation.writes) {
        takeBack.run();
        release.run();
      }
      return defect(error);
    }
  };

  const runAll = (planned: readonly Planned[], runOne: (each: Planned) => CallResult): BatchOutcome => {
    const writes = planned.some(({ operation }) => operation?.writes === true);
    if (writes) begin.run();
    const results: CallResult[] = [];
    const startedAtMs = now();
    for (const each of planned) {
      if (results.length > 0 && now() - startedAtMs > longestBatchMs) break;
      results.push(runOne(each));
    }
    if (writes) commit.run();
    return { results, storage: writes ? 'wrote' : 'ok' };
  };

  return (calls) => {
    const planned = calls.map((call) => ({ call, operation: operations.get(`${call.store}.${call.method}`) }));
    try {
      try {
        return runAll(planned, runPlainly);
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        db.exec('ROLLBACK');
        return runAll(planned, runApart);
      }
    } catch (error) {
      rollBack(db);
      const cause = error instanceof BatchFailure ? error.cause : error;
      const message = cause instanceof Error ? cause.message : String(cause);
      return { results: calls.map(() => ({ ok: false, cause: 'unavailable', message })), storage: 'failed' };
    }
  };
}

/** Carries the failure that ends a batch past the handling of a single call. */
class BatchFailure extends Error {
  constructor(cause: unknown) {
    super('the batch failed', { cause });
  }
}

/** A writing call failed by itself, somewhere in a batch that has no savepoints. */
class CallFailure extends Error {}

interface Planned {
  call: Call;
  operation: Operation | undefined;
}

function unknownCall({ store, method }: Call): CallResult {
  return defect(new TypeError(`there is no ${store}.${method}`));
}

function listOperations(stores: SynchronousStores): ReadonlyMap<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const [name, store] of Object.entries(stores)) {
    const modes = new Map<string, string>(
      Object.entries(Object.entries(methods).find(([key]) => key === name)?.[1] ?? {}),
    );
    for (const [method, run] of methodsOf(store)) {
      operations.set(`${name}.${method}`, {
        writes: modes.get(method) !== 'read',
        run: (args) => Reflect.apply(run, store, args),
      });
    }
  }
  return operations;
}

function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // The file is gone or broken: the probe closes it and opens it anew.
  }
}

function defect(error: unknown): CallResult {
  return { ok: false, cause: 'defect', message: error instanceof Error ? error.message : String(error) };
}
