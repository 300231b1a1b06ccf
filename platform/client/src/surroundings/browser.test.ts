// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { browserSurroundings } from './browser.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  ends.splice(0).forEach((end) => end());
  history.replaceState(null, '', '/');
});

test('the page is followed through pushState, replaceState and back; an ended listener hears no more', () => {
  const surroundings = browserSurroundings();
  const paths: string[] = [];
  const end = surroundings.onPage('path', () => paths.push(surroundings.readPage('path')));
  ends.push(end);
  history.pushState(null, '', '/chat?x=1#y');
  history.replaceState(null, '', '/chat/2');
  window.dispatchEvent(new Event('popstate'));
  expect(paths).toEqual(['/chat', '/chat/2', '/chat/2']);
  end();
  history.pushState(null, '', '/login');
  expect(paths).toHaveLength(3);
  expect(location.pathname).toBe('/login');
});

test('of an app that routes behind the hash, that is the page', () => {
  const surroundings = browserSurroundings();
  const heard = vi.fn();
  ends.push(surroundings.onPage('hash', heard));
  const read = (hash: string): string => {
    location.hash = hash;
    return surroundings.readPage('hash');
  };
  expect([read(''), read('#/chat/1'), read('#!/chat')]).toEqual(['/', '/chat/1', '/chat']);
  window.dispatchEvent(new Event('hashchange'));
  expect(heard).toHaveBeenCalled();
});

test('values are kept in localStorage', () => {
  const { keyValue } = browserSurroundings();
  keyValue.set('a', '1');
  expect([keyValue.get('a'), localStorage.getItem('a'), keyValue.get('b')]).toEqual(['1', '1', null]);
  keyValue.remove('a');
  expect([keyValue.get('a'), localStorage.getItem('a')]).toEqual([null, null]);
});

test('where localStorage is full, values last as long as the page', () => {
  const full = {
    getItem: () => 'of before',
    setItem() {
      throw new DOMException('full', 'QuotaExceededError');
    },
    removeItem: () => undefined,
  };
  vi.stubGlobal('localStorage', full);
  const { keyValue } = browserSurroundings();
  keyValue.set('a', '2');
  expect([keyValue.get('a'), keyValue.get('b')]).toEqual(['2', 'of before']);
});

test('where even asking for localStorage is forbidden, too', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  const get = (): never => {
    throw new DOMException('forbidden', 'SecurityError');
  };
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get });
  const { keyValue } = browserSurroundings();
  keyValue.set('a', '1');
  expect([keyValue.get('a'), keyValue.get('b')]).toEqual(['1', null]);
  keyValue.remove('a');
  expect(keyValue.get('a')).toBeNull();
  if (before !== undefined) Object.defineProperty(globalThis, 'localStorage', before);
});

test('visibility, network and the back-forward cache are heard, until they are not listened to', () => {
  const surroundings = browserSurroundings();
  const heard: string[] = [];
  const stop = [
    surroundings.onVisibility(() => heard.push('visibility')),
    surroundings.onOnline(() => heard.push('online')),
    surroundings.onPageHide((event) => heard.push(event)),
  ];
  const all = (): void => {
    document.dispatchEvent(new Event('visibilitychange'));
    for (const name of ['online', 'pagehide', 'pageshow']) window.dispatchEvent(new Event(name));
  };
  all();
  stop.forEach((end) => end());
  all();
  expect(heard).toEqual(['visibility', 'online', 'hide', 'show']);
});
