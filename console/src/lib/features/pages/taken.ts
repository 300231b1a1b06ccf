// Of how many open tabs it is known that they have taken a version of a policy. What is known comes from the server.
import type { PageRollout } from '#lib/api/shapes.ts';

export interface Taken {
  /** Open connections on pages of the pattern. */
  total: number;
  /** They say that they go by the newest version. */
  confirmed: number;
  /** The server goes by it, and they do not say so. */
  waiting: number;
  /** Of these, the ones that say so of no version. */
  silent: number;
  /** The server itself goes by an earlier version for them. */
  old: { version: number; count: number }[];
}

export function takenOf(versions: PageRollout['versions'], newest: number): Taken {
  const taken: Taken = { total: 0, confirmed: 0, waiting: 0, silent: 0, old: [] };
  for (const { version, confirmed, enforced, silent } of versions) {
    taken.total += confirmed + enforced;
    taken.silent += silent;
    // News of a version may come before the page that was read is read anew.
    if (version < newest) taken.old.push({ version, count: confirmed + enforced });
    else {
      taken.confirmed += confirmed;
      taken.waiting += enforced;
    }
  }
  return taken;
}
