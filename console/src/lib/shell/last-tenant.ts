// The tenant that was last looked at in this browser.

const storedAs = 'belfry-console-tenant';

export function lastTenant(): string | undefined {
  return localStorage.getItem(storedAs) ?? undefined;
}

export function rememberTenant(id: string): void {
  localStorage.setItem(storedAs, id);
}
