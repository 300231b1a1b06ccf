// The names that clients give their files, as Belfry keeps them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanFileName, extensionOf } from './file-name.ts';

const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}';

test.each([
  ['report.pdf', 'report.pdf'],
  ['化验报告 2026.pdf', '化验报告 2026.pdf'],
  ['../../../etc/passwd', 'passwd'],
  ['..\\..\\windows\\system.ini', 'system.ini'],
  ['C:\\Users\\a.png', 'a.png'],
  ['/', 'file'],
  ['..', 'file'],
  ['...', 'file'],
  ['', 'file'],
  [undefined, 'file'],
  ['.htaccess', 'htaccess'],
  ['a.png\0.exe', 'a.png.exe'],
  ['a\r\nSet-Cookie: x.png', 'aSet-Cookie_ x.png'],
  ['invoice\u202Egpj.exe', 'invoicegpj.exe'],
  ['a\u200Bb.png', 'ab.png'],
  ['a<b>:"|?*.png', 'a_b______.png'],
  ['trailing.png. ', 'trailing.png'],
  ['cafe\u0301.png', 'café.png'],
  [`${'x'.repeat(300)}.png`, `${'x'.repeat(196)}.png`],
  ['\uD800.png', 'png'],
  // A joiner of Persian, a family, and what is nothing but joiners.
  ['می\u200Cخواهم.pdf', 'می\u200Cخواهم.pdf'],
  [`${family}.png`, `${family}.png`],
  ['\u200D\u200C', 'file'],
  // Cut between characters as people see them.
  [`${'x'.repeat(190)}${family}${family}.png`, `${'x'.repeat(190)}.png`],
  [`${'क्षि'.repeat(100)}.pdf`, `${'क्षि'.repeat(49)}.pdf`],
])('%j becomes %j', (given, name) => {
  expect(cleanFileName(given)).toBe(name);
});

test('a cleaned name is one part of a path, in one line, and stays the same when it is cleaned again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
      const name = cleanFileName(given);
      expect(name).not.toMatch(/[/\\\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u);
      expect(name).not.toMatch(/^\.*$/);
      expect(name.length).toBeLessThanOrEqual(200);
      expect(name.isWellFormed()).toBe(true);
      expect(cleanFileName(name)).toBe(name);
    }),
  );
});

test.each([
  ['a.png', 'png'],
  ['a.tar.GZ', 'gz'],
  ['a.7z', '7z'],
  ['a', undefined],
  ['version 1.2', undefined],
  ['2026.01.31', undefined],
  ['a.', undefined],
  ['a.报告', undefined],
])('the extension of %j is %j', (name, extension) => {
  expect(extensionOf(name)).toBe(extension);
});
