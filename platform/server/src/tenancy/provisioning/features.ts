// Features that pages of a provision file name and nobody declares. The file is taken all the same: a plugin
// may come later.
import { undeclaredFeatures, type Kind } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import type { PlannedApp } from './schema.ts';

/** The needed part of the plugin host, which must have been started. */
export interface FeatureHost {
  messageTypes(): readonly { feature?: string | undefined }[];
}

interface Place {
  app: AppId;
  planned: Pick<PlannedApp, 'pages' | 'kinds'>;
  path: readonly PropertyKey[];
}

/** `storedKinds`: those that an app has beside the ones of the file. */
export async function unknownFeatures(
  places: readonly Place[],
  host: FeatureHost,
  storedKinds: (app: AppId) => Promise<readonly Pick<Kind, 'feature'>[]>,
): Promise<ProvisioningProblem[]> {
  const warnings: ProvisioningProblem[] = [];
  for (const { app, planned, path } of places) {
    const declaring = [...host.messageTypes(), ...planned.kinds, ...(await storedKinds(app))];
    for (const [page, { features }] of planned.pages.entries()) {
      for (const { index, message: reason } of undeclaredFeatures(features, declaring)) {
        const at = provisioningPath([...path, 'pages', page, 'features', index]);
        warnings.push({ path: at, reason });
      }
    }
  }
  return warnings;
}
