// Who is signed in, as the server last said. Guards of routes read it; asking for a password again is asks.
import type { Session } from '#lib/api/shapes.ts';

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

  tenant(id: string): Session['tenants'][number] | undefined {
    return this.#session?.tenants.find((tenant) => tenant.id === id);
  }
}

export const session = new CurrentSession();
