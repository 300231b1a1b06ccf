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
    onInput,
    onOnline: (listen) => on(window, 'online', listen),
    onOffline: (listen) => on(window, 'offline', listen),
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

/** At the document before anybody else: pages keep input to themselves. */
function on(target: EventTarget, name: string, listen: (event: Event) => void): Unsubscribe {
  const capture = target === document;
  target.addEventListener(name, listen, capture);
  return () => target.removeEventListener(name, listen, capture);
}

function onInput(listen: () => void): Unsubscribe {
  const look = (event: Event & Partial<MouseEvent>): void => {
    const { type, isTrusted, movementX, movementY } = event;
    // Some browsers say that the pointer moved where the page did, below a pointer that lies still.
    if (isTrusted && (type !== 'pointermove' || movementX || movementY)) listen();
  };
  const names = ['pointerdown', 'pointermove', 'keydown', 'wheel'];
  // The focus of the window alone: a script moves it inside of it.
  const ends = [on(window, 'focus', look), ...names.map((name) => on(document, name, look))];
  if (document.hasFocus()) listen();
  return () => ends.forEach((end) => end());
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
