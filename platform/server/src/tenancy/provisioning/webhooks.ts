// The outgoing webhooks that a provision file names: whether they can be, and handing them to their keeper.
import type { AppId } from '../../ports/app-id.ts';
import type { AddressGuard } from './addresses.ts';
import type { MappingGuard } from './hooks.ts';
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import type { PlannedApp, PlannedWebhook } from './schema.ts';

/** The needed part of outgoing webhooks. */
export interface WebhookHost {
  /** Writes it as managed; changes nothing when it is there already. */
  put(app: AppId, webhook: PlannedWebhook): Promise<void>;
  /** Gives back those of the app that an earlier file managed and that are not in `named`. */
  release(app: AppId, named: ReadonlySet<string>): Promise<void>;
}

interface Place {
  app: AppId;
  planned: Pick<PlannedApp, 'webhooks'>;
  path: readonly PropertyKey[];
}

export interface WebhookFindings {
  problems: ProvisioningProblem[];
  warnings: ProvisioningProblem[];
}

/**
 * A transform that does not compile, or an address that can never be called, is a mistake of the file; where
 * only a name server says so it is a warning, since that may change while the server runs.
 */
export async function checkWebhooks(
  places: readonly Place[],
  guard: MappingGuard & Pick<AddressGuard, 'checkUrl' | 'checkUrlText'>,
): Promise<WebhookFindings> {
  const found: WebhookFindings = { problems: [], warnings: [] };
  for (const { planned, path } of places) {
    for (const [index, { url, transform }] of planned.webhooks.entries()) {
      const at = (field: string): string => provisioningPath([...path, 'webhooks', index, field]);
      const byText = guard.checkUrlText(url);
      const verdict = byText.ok ? await guard.checkUrl(url) : byText;
      if (!verdict.ok) (byText.ok ? found.warnings : found.problems).push({ path: at('url'), reason: verdict.reason });
      const mistake = transform === undefined ? undefined : await guard.checkMapping(transform);
      if (mistake !== undefined) found.problems.push({ path: at('transform'), reason: mistake });
    }
  }
  return found;
}

export async function putWebhooks({ app, planned }: Place, host: Pick<WebhookHost, 'put'>): Promise<void> {
  for (const webhook of planned.webhooks) await host.put(app, webhook);
}
