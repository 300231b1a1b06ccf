// The message type for plain text: its contents, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import plugin from './index.ts';

const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F466}';

testMessageType(plugin, {
  valid: [{ text: 'hello' }, { text: '<script>alert(1)</script>' }, { text: '字'.repeat(10_000) }],
  invalid: [
    [{}, 'text'],
    [{ text: '' }, 'text'],
    [{ text: ' \n' }, 'text'],
    [{ text: '\u200B\u3164\u2060\u00AD\u202E' }, 'text'],
    [{ text: 7 }, 'text'],
    [{ text: { $gt: '' } }, 'text'],
    [{ text: 'x'.repeat(10_001) }, 'text'],
    [{ text: 'x', colour: 'red' }, ''],
  ],
  previews: [
    [{ text: 'hello' }, 'en', { body: 'hello' }],
    [{ text: '  two\r\n\tlines\u2028\u0000and more ' }, 'en', { body: 'two lines and more' }],
    [{ text: 'invoice\u202Egpj.exe' }, 'en', { body: 'invoicegpj.exe' }],
    [{ text: `${'x'.repeat(198)}${family}${family}` }, 'en', { body: `${'x'.repeat(198)}…` }],
    [{ text: '你好 "世界" & <b>' }, 'zh-CN', { body: '你好 "世界" & <b>' }],
    [{ text: 'half \uD83D' }, 'en', { body: 'half \uFFFD' }],
    [{ text: `e${'\u0301'.repeat(300)}` }, 'en', { body: `e${'\u0301'.repeat(198)}…` }],
  ],
});

test('stores any text as it was sent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.nat(500), (around, at) => {
      const text = `${around.slice(0, at)}x${around.slice(at)}`;
      expect(plugin.schema.parse({ text })).toEqual({ text });
    }),
  );
});

test('makes a preview of one well-formed line of at most 200 characters of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 900 }), (text) => {
      const { body } = plugin.preview({ text }, { locale: 'en' });
      expect(Array.from(body).length).toBeLessThanOrEqual(200);
      expect(body.isWellFormed()).toBe(true);
      expect(body).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u);
    }),
  );
});
