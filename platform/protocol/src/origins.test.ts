// Which entries of an app's origins are taken, and which pages each lets in.
import { describe, expect, test } from 'vitest';
import { allowedOriginSchema, isAllowedOrigin } from './origins.ts';

describe('an entry', () => {
  test.each([
    '*',
    'https://example.com',
    'https://example.com:8443',
    'http://localhost',
    'http://localhost:5173',
    'http://[::1]:5173',
    'https://*.example.com',
    'https://*.example.com:8443',
    'https://xn--bcher-kva.example',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'file://',
    'null',
  ])('%s is taken, and a page that sends it is let in', (entry) => {
    expect(allowedOriginSchema.safeParse(entry).error).toBeUndefined();
    expect(isAllowedOrigin([entry], entry.replace('*.', 'a.'))).toBe(true);
  });

  test.each([
    ['', 'no scheme'],
    ['example.com', 'no scheme'],
    ['//example.com', 'no scheme'],
    ['*.example.com', 'no scheme'],
    ['https://', 'no host'],
    ['https://example.com/', 'a slash at its end'],
    ['https://example.com/app', 'the path /app'],
    ['https://example.com?x', 'the path ?x'],
    ['https://user@example.com', 'a user'],
    ['https://*.*.example.com', 'two stars'],
    ['https://*', 'a star that is not the whole first label'],
    ['https://a*.example.com', 'a star that is not the whole first label'],
    ['https://a.*.example.com', 'a star that is not the whole first label'],
    ['https://*example.com', 'a star that is not the whole first label'],
    ['https://example.com:*', 'a star that is not the whole first label'],
    ['https://Example.com', 'https://example.com'],
    ['HTTPS://example.com', 'https://example.com'],
    ['https://example.com:443', 'as https://example.com'],
    ['https://*.example.com:443', 'as https://*.example.com'],
    ['https://bücher.example', 'as https://xn--bcher-kva.example'],
    ['https://2130706433', 'as https://127.0.0.1'],
    ['https://example.com:99999', 'cannot be'],
    ['capacitor://local host', 'a blank'],
    ['capacitor://', 'no host'],
    ['capacitor://a..b', 'cannot be'],
    ['wss://example.com', 'the scheme wss'],
    [' https://example.com', 'a blank'],
  ])('%s could never match and is refused with what is wrong', (entry, reason) => {
    expect(allowedOriginSchema.safeParse(entry).error?.issues[0]?.message).toContain(reason);
  });
});

describe('a star', () => {
  test.each(['https://a.example.com', 'https://a-1.example.com', 'https://xn--bcher-kva.example.com'])(
    'stands for the one label of %s',
    (origin) => expect(isAllowedOrigin(['https://*.example.com'], origin)).toBe(true),
  );

  test.each([
    'https://example.com',
    'https://.example.com',
    'https://a.b.example.com',
    'https://evilexample.com',
    'https://a.example.com.evil.example',
    'https://a.example.com:8443',
    'http://a.example.com',
    'https://evil.example/.example.com',
    'https://evil.example?.example.com',
    'https://evil.example#.example.com',
    'https://evil@a.example.com',
    'https://*.example.com.',
    'https://a.example.com.',
    'null',
    '',
  ])('stands for no other origin: %s', (origin) => {
    expect(isAllowedOrigin(['https://*.example.com'], origin)).toBe(false);
  });
});

test('null is let in where it is named or everything is, and nowhere else', () => {
  const lists = [['https://a.example'], ['file://'], ['null'], ['*']];
  expect(lists.map((list) => isAllowedOrigin(list, 'null'))).toEqual([false, false, true, true]);
});
