// Who is signed in, as the server last said. Guards of routes read it; asking for a password again is asks.
import type { AppName, Session, TenantOfSession } from '#lib/api/shapes.ts';

class CurrentSession {
  #session = $state.raw<Session | undefined>();

  get current(): Session | undefined {
    return this.#session;
  }

  /** For what is shown only to people who are signed in. */
  get mine(): Session {
    if (this.#session === undefined) throw new Error('nobody is signed in');
    return this.#session;
  }

  set(session: Session | undefined): void {
    this.#session = session;
  }

  /** An app of a tenant that one is in, by its key. */
  app(key: string): { app: AppName; tenant: TenantOfSession } | undefined {
    for (const tenant of this.#session?.tenants ?? []) {
      const app = tenant.apps.find((each) => each.app === key);
      if (app !== undefined) return { app, tenant };
    }
    return undefined;
  }

  tenant(id: string): Session['tenants'][number] | undefined {
    return this.#session?.tenants.find((tenant) => tenant.id === id);
  }
}

export const session = new CurrentSession();
