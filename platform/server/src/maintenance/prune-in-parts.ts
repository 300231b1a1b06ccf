// Deletes many rows a part at a time. Which rows are old is the caller's knowledge.

/** Rows deleted at once; a delete holds up the writes of an embedded store while it runs. */
const rowsAtOnce = 2000;

/** Until a part was not full, or `mayGoOn` says no. */
export async function pruneInParts(prune: (limit: number) => Promise<number>, mayGoOn: () => boolean): Promise<void> {
  for (let deleted = rowsAtOnce; deleted === rowsAtOnce && mayGoOn();) deleted = await prune(rowsAtOnce);
}
