// Where one begins in an app.
import { redirect } from '@sveltejs/kit';
import { addresses } from '#lib/addresses.ts';

export function load({ params }: { params: { app: string } }): void {
  redirect(307, addresses.overview(params.app));
}
