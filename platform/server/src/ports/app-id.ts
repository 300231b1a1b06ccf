// The branded id of an app, which stands first in every app-scoped port method. Not the place of the app's
// record.

declare const brand: unique symbol;

/**
 * An app's public key (`demo`), proven to name an app of this installation. Only tenancy makes one, from a
 * verified key, token or upgrade request, so a string from outside can't reach a store without that proof.
 * App keys are unique in the installation and never change.
 */
export type AppId = string & { readonly [brand]: 'AppId' };

/**
 * Brands a string as an app id. To be called by tenancy (after a look-up), by drivers (reading back what they
 * stored) and by tests.
 */
export function asAppId(key: string): AppId {
  return key as AppId;
}

/**
 * The port itself where its every method takes the app first, and `never` in place of a method that takes a
 * mere string; app-scoped.test.ts holds all ports against it.
 */
export type AppScoped<T> = {
  [K in keyof T]: NonNullable<T[K]> extends (...args: infer A) => unknown
    ? A extends [AppId, ...unknown[]]
      ? T[K]
      : never
    : T[K];
};

/** Keys that begin so are Belfry's own. */
export const reservedAppPrefix = 'belfry-';

/** The app of the console: its users are accounts, `acc:<id>`. It belongs to no tenant. */
export const consoleApp = asAppId(`${reservedAppPrefix}console`);

/** An account, as a user of the console's app. */
export function consoleUserId(account: string): string {
  return `${consoleUserPrefix}${account}`;
}

/** The account that a user of the console's app is. */
export function accountOfUser(userId: string): string | undefined {
  return userId.startsWith(consoleUserPrefix) ? userId.slice(consoleUserPrefix.length) : undefined;
}

const consoleUserPrefix = 'acc:';
