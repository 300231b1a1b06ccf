// The surroundings of the SDK in a browser, and how a page there is followed. Node's: node.ts.
import type { Surroundings, Unsubscribe } from '../types.ts';
import { commonSurroundings } from './common.ts';
import { createKeyValue } from './key-value.ts';

export function browserSurroundings(): Surroundings {
  return {
    ...commonSurroundings(),
    origin: location.origin,
    keyValue: createKeyValue(() => localStorage),
    isVisible: () => document.visibilityState === 'visible',
    onVisibility: (listen) => on(document, 'visibilitychange', listen),
    onOnline: (listen) => on(window, 'online', listen),
    readPage: (mode) => (mode === 'hash' ? location.hash.replace(/^#!?/, '') || '/' : location.pathname),
    onPage(mode, listen) {
      const ends = [on(window, 'popstate', listen), on(window, 'hashchange', listen)];
      if (mode === 'path') ends.push(onHistory(listen));
      return () => ends.forEach((end) => end());
    },
    onPageHide(listen) {
      const ends = [on(window, 'pagehide', () => listen('hide')), on(window, 'pageshow', () => listen('show'))];
      return () => ends.forEach((end) => end());
    },
  };
}

function on(target: EventTarget, name: string, listen: () => void): Unsubscribe {
  target.addEventListener(name, listen);
  return () => target.removeEventListener(name, listen);
}

/**
 * `pushState` and `replaceState` have no event but the Navigation API's; where that is not, they are wrapped.
 */
function onHistory(listen: () => void): Unsubscribe {
  if ('navigation' in window) return on(window.navigation, 'currententrychange', listen);
  // Routers keep what they found in `history`, so a wrapper that is no longer needed may have to stay: it is
  // made harmless.
  let isOn = true;
  for (const name of ['pushState', 'replaceState'] as const) {
    const before = history[name].bind(history);
    history[name] = (...entry) => {
      before(...entry);
      if (isOn) listen();
    };
  }
  return () => (isOn = false);
}
