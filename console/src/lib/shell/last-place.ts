// The tenant and the app that were last looked at in this browser.

const storedAs = 'belfry-console-tenant';
const appStoredAs = 'belfry-console-app';

export function lastTenant(): string | undefined {
  return localStorage.getItem(storedAs) ?? undefined;
}

/** Its key. */
export function lastApp(): string | undefined {
  return localStorage.getItem(appStoredAs) ?? undefined;
}

export function rememberApp(key: string): void {
  localStorage.setItem(appStoredAs, key);
}

export function rememberTenant(id: string): void {
  localStorage.setItem(storedAs, id);
}
