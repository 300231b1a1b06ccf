// Puts synchronous stores in memory behind promises, copies what goes in and out, and lets a test make
// methods fail. Not the stores.

import { BelfryError } from '@belfry/protocol';
import { methodsOf } from '../synchronous.ts';
import type { Synchronous } from '../synchronous.ts';

export interface Switchboard {
  /**
   * `method` rejects with `unavailable` from here on: `messages.append`, or `*` for all, which also turns the
   * state `down`; undefined: all work again. `after`: it does its work first and then loses the answer, as a
   * connection does that breaks at the wrong moment.
   */
  fail: (method: string | undefined, when?: 'before' | 'after') => void;
  state: () => 'up' | 'down';
  onState: (listen: (state: 'up' | 'down') => void) => void;
  /** From here on everything rejects. */
  close: () => Promise<void>;
  /** Wraps every method of every store; `prefix: false` names methods without their store. */
  wrap<T extends object>(stores: { [S in keyof T]: Synchronous<T[S]> }, options?: { prefix: boolean }): T;
}

export function createSwitchboard(): Switchboard {
  const failing = new Map<string, 'before' | 'after'>();
  const listeners: ((state: 'up' | 'down') => void)[] = [];
  let state: 'up' | 'down' = 'up';
  let closed = false;

  const setState = (next: 'up' | 'down'): void => {
    if (next === state) return;
    state = next;
    for (const listen of listeners) listen(state);
  };
  const modeOf = (name: string): 'before' | 'after' | undefined =>
    closed ? 'before' : (failing.get(name) ?? failing.get('*'));

  function cross(name: string, run: () => unknown): unknown {
    if (modeOf(name) === 'before') throw new BelfryError('unavailable');
    const result = structuredClone(run());
    if (modeOf(name) === 'after') throw new BelfryError('unavailable');
    return result;
  }

  function wrapStore(store: object, prefix: string): object {
    const wrapped = methodsOf(store).map(([method, run]): [string, unknown] => [
      method,
      // Copied when called, not when run: the caller may go on to change what it passed.
      async (...args: unknown[]) => {
        const copied = structuredClone(args);
        return cross(`${prefix}${method}`, () => Reflect.apply(run, store, copied));
      },
    ]);
    return Object.fromEntries(wrapped);
  }

  return {
    fail(method, when = 'before') {
      if (method === undefined) failing.clear();
      else failing.set(method, when);
      setState(failing.get('*') === 'before' ? 'down' : 'up');
    },
    state: () => state,
    onState: (listen) => void listeners.push(listen),
    async close() {
      closed = true;
    },
    wrap<T extends object>(stores: { [S in keyof T]: Synchronous<T[S]> }, { prefix } = { prefix: true }): T {
      const wrapped = Object.entries<object>(stores).map(([name, store]) => [
        name,
        wrapStore(store, prefix ? `${name}.` : ''),
      ]);
      // Each method of T is there, with its arguments and its result behind a promise: that is what
      // Synchronous<T> says.
      return Object.fromEntries(wrapped) as T;
    },
  };
}
