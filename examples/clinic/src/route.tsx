// The path and query of the address, followed through the History API. The page of each path: app.tsx.
import { useSyncExternalStore, type ComponentProps, type MouseEvent } from 'react';

const changed = new EventTarget();

export function navigate(to: string, { replace = false } = {}): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  changed.dispatchEvent(new Event('change'));
}

export function usePath(): string {
  return useSyncExternalStore(listen, () => location.pathname);
}

export function useQuery(name: string): string | null {
  return useSyncExternalStore(listen, () => new URLSearchParams(location.search).get(name));
}

/** A link within the app; with a modifier key the browser opens it as any other. */
export function Link({ href, onClick, ...rest }: ComponentProps<'a'> & { href: string }) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  }
  return <a href={href} onClick={follow} {...rest} />;
}

function listen(callback: () => void): () => void {
  changed.addEventListener('change', callback);
  addEventListener('popstate', callback);
  return () => {
    changed.removeEventListener('change', callback);
    removeEventListener('popstate', callback);
  };
}
