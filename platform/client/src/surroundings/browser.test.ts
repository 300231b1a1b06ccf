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

test('input of a person is heard, and nothing that a script or a moving page makes', () => {
  const heard = vi.fn();
  const focused = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  const field = document.body.appendChild(document.createElement('input'));
  field.addEventListener('keydown', (event) => event.stopPropagation());
  const end = browserSurroundings().onInput(heard);
  ends.push(end, () => field.remove());
  const count = (target: EventTarget, name: string, more: object = {}): number => {
    heard.mockClear();
    const event = Object.assign(new Event(name, { bubbles: name !== 'focus' }), more);
    Object.defineProperty(event, 'isTrusted', { value: !('isScript' in more) });
    target.dispatchEvent(event);
    return heard.mock.calls.length;
  };
  for (const name of ['pointerdown', 'keydown', 'wheel']) {
    expect([name, count(field, name)]).toEqual([name, 1]);
    expect([name, count(field, name, { isScript: true })]).toEqual([name, 0]);
  }
  expect(count(field, 'pointermove', { movementX: 1, movementY: 0 })).toBe(1);
  expect(count(field, 'pointermove', { movementX: 0, movementY: 0 })).toBe(0);
  expect(count(window, 'focus')).toBe(1);
  expect(count(field, 'focus')).toBe(0);
  end();
  expect(count(field, 'keydown')).toBe(0);
  focused.mockReturnValue(true);
  ends.push(browserSurroundings().onInput(heard));
  expect(heard).toHaveBeenCalledTimes(1);
});
