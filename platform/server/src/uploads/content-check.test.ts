// The types that files are found to be, and the files that are refused. Storing them is receiving's.

import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import * as files from '../../test/support/sample-files.ts';
import { createContentCheck } from './content-check.ts';
import { defaultTypes } from './rules.ts';

const { png, jpeg, gif, gifAndScript, pdf, html, svg, program, opus, webm, docx, inPieces } = files;
const text = Buffer.from('first line\r\nzweite Zeile\tä\n第三行\n');
const gbk = Buffer.from('d0d5c3fb2cb5e7bbb00a', 'hex');

async function typeOf(
  name: string,
  content: Uint8Array,
  { declared, allowed = defaultTypes }: { declared?: string; allowed?: readonly string[] } = {},
): Promise<string> {
  const check = createContentCheck({ name, declared }, allowed);
  const passed = await buffer(check.watch(inPieces(content)));
  // A file that is let through has the bytes that came.
  expect(passed.equals(content)).toBe(true);
  return check.type();
}

describe('a file that is what it says', () => {
  test.each<[name: string, declared: string | undefined, content: Uint8Array, type: string]>([
    ['a.png', 'image/png', png, 'image/png'],
    ['a.PNG', undefined, png, 'image/png'],
    ['照片.jpg', 'image/jpg', jpeg, 'image/jpeg'],
    ['photo', 'image/jpeg', jpeg, 'image/jpeg'],
    ['photo', undefined, gif, 'image/gif'],
    ['blob', 'application/octet-stream', png, 'image/png'],
    ['a.png', 'text/plain', png, 'image/png'], // what a form without a word means
    ['a.pdf', 'application/pdf; charset=binary', pdf, 'application/pdf'],
    ['note.opus', 'audio/ogg;codecs=opus', opus, 'audio/ogg'],
    ['note.webm', 'audio/webm;codecs=opus', webm, 'audio/webm'],
    ['film.webm', undefined, webm, 'video/webm'],
    ['letter.docx', undefined, docx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.zip', 'application/x-zip-compressed', files.zip({ 'a.txt': 'x' }), 'application/zip'],
    ['a.txt', 'text/plain', text, 'text/plain'],
    ['a.csv', 'application/vnd.ms-excel', Buffer.from('a,b\n1,2\n'), 'text/csv'],
    ['a.csv', 'application/vnd.ms-excel', gbk, 'text/csv'],
    ['a.csv', 'text/csv', Buffer.from('Stra\u00DFe;H\u00E4user\r\n', 'latin1'), 'text/csv'],
    ['a.csv', 'text/csv', Buffer.from('\uFEFF姓名\t电话\r\n', 'utf16le'), 'text/csv'],
    ['a.txt', undefined, Buffer.from('\uFEFFname', 'utf16le').swap16(), 'text/plain'],
    ['a.txt', undefined, Buffer.from('BMW, and MZ'), 'text/plain'],
    ['a.txt', undefined, Buffer.from('<?xml version="1.0"?><a/>'), 'text/plain'],
    ['a.txt', undefined, Buffer.of(), 'text/plain'],
    ['a.json', 'application/json', Buffer.from('{"a":1}'), 'application/json'],
    ['notes', undefined, text, 'text/plain'],
  ])('%s, declared %s', async (name, declared, content, type) => {
    expect(await typeOf(name, content, declared === undefined ? {} : { declared })).toBe(type);
  });
});

describe('a file that is refused', () => {
  test.each<[what: string, name: string, declared: string | undefined, content: Uint8Array]>([
    ['a page called a picture', 'a.png', 'image/png', html],
    ['a program called a picture', 'a.jpg', 'image/jpeg', program],
    ['a picture called another', 'a.png', 'image/png', jpeg],
    ['a picture called a document', 'a.pdf', 'application/pdf', png],
    ['a document called text', 'a.txt', 'text/plain', pdf],
    ['an archive called a document', 'a.docx', undefined, files.zip({ 'a.txt': 'x' })],
    ['a table called a letter', 'a.docx', undefined, files.zip({ '[Content_Types].xml': '<Types/>', 'xl/a.xml': 'x' })],
    ['a picture with the name of a program', 'a.exe', 'image/png', png],
    ['a name and a declaration that disagree', 'a.png', 'application/pdf', png],
    ['a page by its name', 'a.html', 'text/plain', text],
    ['a page by its declaration', 'a', 'text/html', html],
    ['a drawing that can hold scripts', 'a.svg', 'image/svg+xml', svg],
    ['a program', 'a.exe', 'application/x-msdownload', program],
    ['a program without a word', 'setup', undefined, program],
    ['something unknown', 'a.bin', undefined, Buffer.from([1, 2, 3, 0, 255])],
    ['sound that nobody recognizes', 'a', 'audio/x-own', Buffer.from([1, 2, 3, 0, 255])],
    ['JSON in another encoding', 'a.json', 'application/json', gbk],
    ['a page in another encoding', 'a.md', 'text/html', gbk],
    ['UTF-16 without its mark', 'a.csv', 'text/csv', Buffer.from('a,b', 'utf16le')],
    ['UTF-16 with a control character', 'a.csv', 'text/csv', Buffer.from('\uFEFFa\0b', 'utf16le')],
    ['half a character of UTF-16', 'a.csv', 'text/csv', Buffer.from('\uFEFF\uD83D', 'utf16le')],
    ['text with a NUL', 'a.txt', 'text/plain', Buffer.from('a\0b')],
    ['text that turns into something else late', 'a.txt', undefined, Buffer.concat([Buffer.alloc(200_000, 'x'), png])],
    ['JSON that is cut in the middle of a character', 'a.json', undefined, Buffer.from('"ä').subarray(0, 2)],
    ['unknown text in another encoding, without a name', 'notes', 'image/png', gbk],
    ['an empty picture', 'a.png', 'image/png', Buffer.of()],
    ['the beginning of a picture', 'a.png', 'image/png', png.subarray(0, 6)],
  ])('%s', async (_what, name, declared, content) => {
    const given = declared === undefined ? {} : { declared };
    await expect(typeOf(name, content, given)).rejects.toMatchObject({
      code: 'unsupported_media_type',
      path: ['file'],
    });
  });

  test('is refused when its first part is there, not when all of it is', async () => {
    let asked = 0;
    const endless = (async function* () {
      for (;;) {
        asked += 1;
        yield Buffer.alloc(65_536, 1);
      }
    })();
    const check = createContentCheck({ name: 'a.png', declared: undefined }, defaultTypes);
    await expect(buffer(check.watch(endless))).rejects.toMatchObject({ code: 'unsupported_media_type' });
    expect(asked).toBe(1);
  });

  test.each<[name: string, declared: string | undefined, content: Uint8Array, says: RegExp]>([
    ['a.png', 'image/png', jpeg, /It is image\/jpeg; name and declare the file as what it is/],
    ['a.json', undefined, gbk, /save it as text again, best as UTF-8/],
    [
      'a.html',
      'text/html',
      html,
      /does not take files of the type text\/html\. It takes image\/png, .*application\/zip/,
    ],
    ['a.png', 'application/pdf', png, /The name of the file says image\/png, and application\/pdf is declared/],
  ])('%s, declared %s, says what to do', async (name, declared, content, says) => {
    await expect(typeOf(name, content, declared === undefined ? {} : { declared })).rejects.toThrow(says);
  });

  test('by its name is refused before anything of it is read', () => {
    expect(() => createContentCheck({ name: 'a.html', declared: undefined }, defaultTypes)).toThrow(
      /does not take files of the type text\/html/,
    );
  });
});

describe('what an app allows', () => {
  test('is all that it takes, and may be more than the default', async () => {
    await expect(typeOf('a.pdf', pdf, { allowed: ['image/*'] })).rejects.toMatchObject({
      code: 'unsupported_media_type',
    });
    expect(await typeOf('a.png', png, { allowed: ['image/*'] })).toBe('image/png');
    expect(await typeOf('a.svg', svg, { allowed: ['image/*'] })).toBe('image/svg+xml');
    expect(await typeOf('scan.dcm', Buffer.from([0, 1, 2]), { declared: 'application/x-own', allowed: ['*'] })).toBe(
      'application/x-own',
    );
    expect(await typeOf('setup.exe', program, { allowed: ['*'] })).toBe('application/x-msdownload');
    await expect(typeOf('a.png', html, { allowed: ['*'] })).rejects.toMatchObject({ code: 'unsupported_media_type' });
  });
});

describe('a file that is two things', () => {
  test('is the one that its name says', async () => {
    expect(await typeOf('a.gif', gifAndScript)).toBe('image/gif');
    await expect(typeOf('a.js', gifAndScript, { allowed: ['*'] })).rejects.toMatchObject({
      code: 'unsupported_media_type',
    });
  });
});

describe('a file that grows when it is unpacked', () => {
  test.each([
    ['a.zip', files.zipBomb, 'application/zip'],
    ['a.gz', files.gzipBomb, 'application/gzip'],
  ])('%s is not unpacked', async (name, content, type) => {
    const before = process.memoryUsage().rss;
    expect(await typeOf(name, content)).toBe(type);
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  });

  test('an office document is looked at no further than its parts are named', async () => {
    const before = process.memoryUsage().rss;
    await typeOf('a.xlsx', files.officeBomb).catch(() => undefined);
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  });
});
