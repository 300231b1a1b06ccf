// Counts records apart by what they have, the same in every driver. Which records: the driver.

import { mostValues, type Counted, type ValueCount } from '../../ports/stores/counted.ts';

class ValueCounts {
  readonly #counts = new Map<string, number>();

  add(value: string | undefined): void {
    if (value !== undefined) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  list(): ValueCount[] {
    return Array.from(this.#counts, ([value, count]) => ({ value, count }))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, mostValues);
  }
}

type AuditCounted = Counted<'actor' | 'action' | 'app'>;
export type JourneyCounted = Counted<'reason' | 'kind'>;

export function countAudit(
  rows: readonly { actor: string; action: string; app?: string | undefined }[],
  isAtLeast: boolean,
): AuditCounted {
  const [actors, actions, apps] = [new ValueCounts(), new ValueCounts(), new ValueCounts()];
  for (const { actor, action, app } of rows) {
    actors.add(actor);
    actions.add(action);
    apps.add(app);
  }
  const by = { actor: actors.list(), action: actions.list(), app: apps.list() };
  return { total: rows.length, isAtLeast, by };
}

export function countJourneys(
  rows: readonly { kind: string; reasons: readonly string[] }[],
  isAtLeast: boolean,
): JourneyCounted {
  const [kinds, reasons] = [new ValueCounts(), new ValueCounts()];
  for (const row of rows) {
    kinds.add(row.kind);
    for (const reason of row.reasons) reasons.add(reason);
  }
  return { total: rows.length, isAtLeast, by: { reason: reasons.list(), kind: kinds.list() } };
}
