// What a connection did, as its node says it: entries in order, each as it was said last.

export interface PastEntry {
  n: number;
  at: string;
  what: 'connected' | 'page' | 'policy' | 'resumed' | 'refused' | 'closed';
  page?: string;
  version?: number;
  confirmedAt?: string;
  missed?: number;
  lost?: number;
  action?: string;
  code?: string;
  times?: number;
  closeCode?: number;
  platform?: string;
  appVersion?: string;
}

/** `rows`: the newest first, the same entry perhaps several times. Gives the newest entry first. */
export function inOrder(rows: readonly PastEntry[]): PastEntry[] {
  const last = new Map<number, PastEntry>();
  for (const row of rows) if (!last.has(row.n)) last.set(row.n, row);
  return [...last.values()].sort((a, b) => b.n - a.n);
}

/** How many there were between the connect and the oldest that is there. */
export function droppedOf(entries: readonly PastEntry[]): number {
  const oldest = entries.findLast(({ n }) => n > 0)?.n ?? 1;
  return oldest - 1;
}
