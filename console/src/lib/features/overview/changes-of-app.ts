// What somebody changed of an app that may change what its charts show, as marks over them.
import { addresses } from '#lib/addresses.ts';
import { answerOf, api } from '#lib/api/client.ts';
import type { AppName, TenantOfSession } from '#lib/api/shapes.ts';
import { actionWords } from '#lib/audit/action-words.ts';
import { whoDid } from '#lib/audit/who-did.ts';
import { look } from '#lib/shell/look.svelte.ts';
import { exactTime } from '#lib/texts/times.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';
import type { Mark } from './chart-mark.ts';

/** Not what was read, tried or sent. */
const kinds = /^(page|kind|provider|signing)\.|^app\.update$/;
/** More would stand on one another. */
const most = 100;

export async function changesOfApp({
  app,
  tenant,
  fromMs,
  toMs,
}: {
  app: AppName;
  tenant: TenantOfSession;
  fromMs: number;
  toMs?: number;
}): Promise<Mark[]> {
  const query = {
    ...{ app: app.app, from: new Date(fromMs).toISOString(), limit: most },
    ...(toMs === undefined ? {} : { to: new Date(toMs).toISOString() }),
  };
  const { items } = await answerOf(
    api.GET('/tenants/{tenant}/audit', { params: { path: { tenant: tenant.id }, query } }),
  );
  return items
    .filter(({ action }) => kinds.test(action))
    .map(({ id, at, action, actor, object }) => {
      const what = `${actionWords(action)} ${visibleText(object.id)}`;
      const who = whoDid({ actor });
      const when = exactTime(Date.parse(at), look.times);
      const entry = new URLSearchParams({ app: app.app, open: id });
      return {
        at: Date.parse(at),
        text: m.chart_change({ what, who, when }),
        href: `${addresses.audit(tenant.id)}?${entry.toString()}`,
      };
    });
}
