// The order of page versions over all patterns of an app: the newest first. Within one pattern it is by number.

import type { PagePlace, PageVersion } from '../../ports/stores/index.ts';

/** The newest of these after a place. */
export function newestOfAll(
  versions: readonly PageVersion[],
  { before, limit }: { before?: PagePlace | undefined; limit: number },
): PageVersion[] {
  return versions
    .filter((each) => before === undefined || compare(placeOf(each), before) < 0)
    .toSorted((a, b) => compare(placeOf(b), placeOf(a)))
    .slice(0, limit);
}

function placeOf({ policy }: PageVersion): PagePlace {
  return { at: policy.updatedAt, pattern: policy.pattern, version: policy.version };
}

function compare(a: PagePlace, b: PagePlace): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.pattern !== b.pattern) return a.pattern < b.pattern ? -1 : 1;
  return a.version - b.version;
}
