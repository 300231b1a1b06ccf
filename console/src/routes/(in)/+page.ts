// The start: the app or tenant one was last in, or the first; where it has no app so far, the way to one.
import { redirect } from '@sveltejs/kit';
import { addresses } from '#lib/addresses.ts';
import { lastApp, lastTenant } from '#lib/shell/last-place.ts';
import { session } from '#lib/session/session.svelte.ts';
import { isAtLeast } from '#lib/texts/roles.ts';

export async function load({ parent }: { parent: () => Promise<unknown> }): Promise<void> {
  await parent();
  const recent = lastApp();
  if (recent !== undefined && session.app(recent) !== undefined) redirect(307, addresses.app(recent));
  const tenant = session.tenant(lastTenant() ?? '') ?? session.current?.tenants[0];
  if (tenant === undefined) redirect(307, addresses.profile());
  const isNew = tenant.apps.length === 0 && isAtLeast(tenant.role, 'admin');
  redirect(307, isNew ? addresses.welcome(tenant.id) : addresses.apps(tenant.id));
}
