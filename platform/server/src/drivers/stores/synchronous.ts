// The shape of a store before it is put behind promises: what a driver writes where the data is at hand. Not
// a port.

/** The methods of an asynchronous interface, answering at once. */
export type Synchronous<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never;
};

type Method = (...args: readonly unknown[]) => unknown;

/**
 * The methods of a store by name, its own and its class's, to be called with what a typed proxy was called
 * with.
 */
export function methodsOf(store: object): [string, Method][] {
  const prototype: unknown = Object.getPrototypeOf(store);
  const inherited = prototype === Object.prototype ? [] : Object.getOwnPropertyNames(prototype);
  return [...Object.keys(store), ...inherited.filter((name) => name !== 'constructor')]
    .map((name): [string, unknown] => [name, Reflect.get(store, name)])
    .filter((entry): entry is [string, Method] => typeof entry[1] === 'function');
}
