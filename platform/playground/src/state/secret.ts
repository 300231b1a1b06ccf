// The secret of the address that the server printed: out of the address bar, into this tab. What it is good
// for is the server's to say.

const storageKey = 'belfry-playground secret';

/**
 * The fragment is taken out of the address at once, so that it is in no bookmark and on no screenshot. A page
 * that is loaded again in this tab still has it. Empty where there is none.
 */
export function takeSecret(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== '') {
    sessionStorage.setItem(storageKey, fragment);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  // Another address of the same page, as after a restart of the server, loads nothing by itself.
  window.addEventListener('hashchange', () => location.reload());
  return sessionStorage.getItem(storageKey) ?? '';
}
