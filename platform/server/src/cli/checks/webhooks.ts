// Whether the outgoing webhooks of the provision file would be called, as far as can be said without a call.
import type { LoadedPlugins } from '../../compose/parts.ts';
import { readPlan } from '../read-plan.ts';
import type { Check } from './check.ts';

/** Nothing where the file names none, or cannot be read: that is said elsewhere. */
export async function checkOutgoingWebhooks(
  file: string | undefined,
  guard: Pick<LoadedPlugins, 'checkUrl'>,
): Promise<Check[]> {
  const parsed = file === undefined ? undefined : await readPlan(file);
  if (parsed?.ok !== true) return [];
  const webhooks = parsed.plan.tenants.flatMap(({ apps }) =>
    apps.flatMap((app) => app.webhooks.map((webhook) => ({ app: app.key, ...webhook }))),
  );
  if (webhooks.length === 0) return [];
  const refused: Check[] = [];
  for (const { app, id, url } of webhooks) {
    const verdict = await guard.checkUrl(url);
    if (!verdict.ok) refused.push({ name: 'webhooks', state: 'warning', detail: `${id} of ${app}: ${verdict.reason}` });
  }
  if (refused.length > 0) return refused;
  return [{ name: 'webhooks', state: 'ok', detail: `${webhooks.length} in the file, all of which may be called` }];
}
