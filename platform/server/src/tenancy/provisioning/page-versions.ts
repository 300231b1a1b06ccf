// Writes a page policy as its next version, and only when it says something new. Reading and publishing
// changes is pages'.
import { toServedPolicy, type PagePolicyInput } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { PageStore, PageVia } from '../../ports/stores/settings.ts';

/**
 * Somebody in the console may save the same page at the same moment; more often than this it is no
 * coincidence.
 */
const maxTries = 5;

/** True when a version was written. `by` stands in the history. */
export async function putPolicy(
  pages: PageStore,
  app: AppId,
  change: { input: PagePolicyInput; by: string; atMs: number; via?: PageVia },
): Promise<boolean> {
  const { input, by, atMs, via = 'file' } = change;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const [newest] = await pages.history(app, input.pattern, { limit: 1 });
    if (newest !== undefined && !newest.removed && saysTheSame(newest.policy, input)) return false;
    const version = (newest?.policy.version ?? 0) + 1;
    const policy = { ...input, version, updatedAt: new Date(atMs).toISOString(), updatedBy: by };
    if (await pages.put(app, { policy, removed: false, via })) return true;
  }
  throw new Error(`the page ${input.pattern} of ${app} was changed by others ${maxTries} times in a row`);
}

/** Field by field in a fixed order; the order of the features means nothing. */
function saysTheSame(a: PagePolicyInput, b: PagePolicyInput): boolean {
  return text(a) === text(b);
}

function text(policy: PagePolicyInput): string {
  return JSON.stringify(toServedPolicy({ ...policy, features: policy.features.toSorted(), version: 0 }));
}
