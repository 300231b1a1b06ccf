// The inbound webhooks that a provision file names: whether they can be, and handing them to the keeper of
// hooks.
import type { AppId } from '../../ports/app-id.ts';
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import type { PlannedApp, PlannedHook } from './schema.ts';

export interface MappingGuard {
  /** The fault of a mapping; undefined when it compiles. */
  checkMapping(mapping: string): Promise<string | undefined>;
}

/** The needed part of the hooks. */
export interface HookHost extends MappingGuard {
  /** The app that has this id, if any: ids are unique in the installation. */
  ownerOf(id: string): Promise<AppId | undefined>;
  /** Writes it as managed; changes nothing when it is there already. */
  put(app: AppId, hook: PlannedHook): Promise<void>;
  /** Gives back those of the app that an earlier file managed and that are not in `named`. */
  release(app: AppId, named: ReadonlySet<string>): Promise<void>;
}

interface Place {
  app: AppId;
  planned: Pick<PlannedApp, 'hooks'>;
  path: readonly PropertyKey[];
}

/** Mappings that do not compile. */
export async function checkHooks(places: readonly Place[], guard: MappingGuard): Promise<ProvisioningProblem[]> {
  const problems: ProvisioningProblem[] = [];
  for (const { planned, path } of places) {
    for (const [index, { mapping }] of planned.hooks.entries()) {
      const mistake = await guard.checkMapping(mapping);
      if (mistake === undefined) continue;
      problems.push({ path: provisioningPath([...path, 'hooks', index, 'mapping']), reason: mistake });
    }
  }
  return problems;
}

/** A hook that another app has may not be taken over by naming it. */
export async function hookOwnershipProblems(
  places: readonly Place[],
  host: Pick<HookHost, 'ownerOf'>,
): Promise<ProvisioningProblem[]> {
  const problems: ProvisioningProblem[] = [];
  for (const { app, planned, path } of places) {
    for (const [index, { id }] of planned.hooks.entries()) {
      const owner = await host.ownerOf(id);
      if (owner === undefined || owner === app) continue;
      problems.push({
        path: provisioningPath([...path, 'hooks', index, 'id']),
        reason: `${id} is a hook of another app, ${owner}; ids of hooks are unique in an installation`,
      });
    }
  }
  return problems;
}

export async function putHooks({ app, planned }: Place, host: Pick<HookHost, 'put'>): Promise<void> {
  for (const hook of planned.hooks) await host.put(app, hook);
}
