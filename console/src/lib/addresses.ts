// The address of every screen, below whatever path the console is served at. Ids stand encoded in it.
import { resolve } from '$app/paths';

export const addresses = {
  /** Ends with a slash; every other one begins with it. */
  start: (): string => resolve('/(in)'),
  setup: (): string => resolve('/(out)/setup'),
  signIn: (): string => resolve('/(out)/sign-in'),
  /** Without its token. */
  invite: (): string => resolve('/(out)/invite/[[token]]', {}),
  reset: (): string => resolve('/(out)/reset/[[token]]', {}),
  welcome: (tenant: string): string => resolve('/(in)/t/[tenant]/welcome', { tenant: encodeURIComponent(tenant) }),
  apps: (tenant: string): string => resolve('/(in)/t/[tenant]/apps', { tenant: encodeURIComponent(tenant) }),
  members: (tenant: string): string => resolve('/(in)/t/[tenant]/members', { tenant: encodeURIComponent(tenant) }),
  audit: (tenant: string): string => resolve('/(in)/t/[tenant]/audit', { tenant: encodeURIComponent(tenant) }),
  profile: (): string => resolve('/(in)/account/profile'),
  security: (): string => resolve('/(in)/account/security'),
  preferences: (): string => resolve('/(in)/account/preferences'),
};
