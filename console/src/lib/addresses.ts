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
  /** Where one begins in an app. */
  app: (app: string): string => resolve('/(in)/a/[app]', { app: encodeURIComponent(app) }),
  overview: (app: string): string => resolve('/(in)/a/[app]/overview', { app: encodeURIComponent(app) }),
  live: (app: string): string => resolve('/(in)/a/[app]/live', { app: encodeURIComponent(app) }),
  connections: (app: string): string => resolve('/(in)/a/[app]/connections', { app: encodeURIComponent(app) }),
  users: (app: string): string => resolve('/(in)/a/[app]/users', { app: encodeURIComponent(app) }),
  user: (app: string, user: string): string =>
    resolve('/(in)/a/[app]/users/[user]', { app: encodeURIComponent(app), user: encodeURIComponent(user) }),
  messages: (app: string): string => resolve('/(in)/a/[app]/messages', { app: encodeURIComponent(app) }),
  message: (app: string, message: string): string =>
    resolve('/(in)/a/[app]/messages/[message]', { app: encodeURIComponent(app), message: encodeURIComponent(message) }),
  conversations: (app: string): string => resolve('/(in)/a/[app]/conversations', { app: encodeURIComponent(app) }),
  conversation: (app: string, id: string): string =>
    resolve('/(in)/a/[app]/conversations/[id]', { app: encodeURIComponent(app), id: encodeURIComponent(id) }),
  pages: (app: string): string => resolve('/(in)/a/[app]/pages', { app: encodeURIComponent(app) }),
  pageEdit: (app: string): string => resolve('/(in)/a/[app]/pages/edit', { app: encodeURIComponent(app) }),
  pageHistory: (app: string): string => resolve('/(in)/a/[app]/pages/history', { app: encodeURIComponent(app) }),
  kinds: (app: string): string => resolve('/(in)/a/[app]/kinds', { app: encodeURIComponent(app) }),
  kindEdit: (app: string): string => resolve('/(in)/a/[app]/kinds/edit', { app: encodeURIComponent(app) }),
  broadcast: (app: string): string => resolve('/(in)/a/[app]/broadcast', { app: encodeURIComponent(app) }),
  connect: (app: string): string => resolve('/(in)/a/[app]/connect', { app: encodeURIComponent(app) }),
  playground: (app: string): string => resolve('/(in)/a/[app]/playground', { app: encodeURIComponent(app) }),
  /** One section of them, or where they are listed. */
  settings: (app: string, section?: string): string =>
    section === undefined
      ? resolve('/(in)/a/[app]/settings', { app: encodeURIComponent(app) })
      : resolve('/(in)/a/[app]/settings/[section]', { app: encodeURIComponent(app), section }),
  profile: (): string => resolve('/(in)/account/profile'),
  security: (): string => resolve('/(in)/account/security'),
  preferences: (): string => resolve('/(in)/account/preferences'),
};
