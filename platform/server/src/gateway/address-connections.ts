// Bounds how many connections one address may have to one app, on this node. Those that have not connected
// yet are address-slots.ts's.
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';

/** Counts the connection out; again: does nothing. */
export type Leave = () => void;

export class AddressConnections {
  readonly #limit: number;
  readonly #log: Pick<Log, 'warn'>;
  readonly #counts = new Map<string, number>();
  /** Said once while the addresses stay full. */
  readonly #reported = new Set<string>();

  constructor(limit: number, log: Pick<Log, 'warn'>) {
    this.#limit = limit;
    this.#log = log;
  }

  isFull(app: AppId, address: string): boolean {
    return (this.#counts.get(keyOf(app, address)) ?? 0) >= this.#limit;
  }

  /** Undefined: the address has too many. */
  enter(app: AppId, address: string): Leave | undefined {
    const key = keyOf(app, address);
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limit) {
      this.#report(key, { app, address });
      return undefined;
    }
    this.#counts.set(key, count + 1);
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#leave(key);
    };
  }

  #leave(key: string): void {
    const left = (this.#counts.get(key) ?? 1) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
    if (left < this.#limit / 2) this.#reported.delete(key);
  }

  /** Most often it is a proxy that TRUST_PROXY does not name. */
  #report(key: string, fields: { app: AppId; address: string }): void {
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const variable = 'LIMIT_CONNECTIONS_PER_ADDRESS';
    const hint = 'if it is a proxy, set TRUST_PROXY';
    this.#log.warn('an address has as many connections as it may have', { ...fields, variable, hint });
  }
}

function keyOf(app: AppId, address: string): string {
  return `${app} ${address}`;
}
