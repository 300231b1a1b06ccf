import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { csvCell, exportAnswer, maxExportRows } from './list-export.ts';

test.each(['=cmd()|A1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is run by no spreadsheet', (cell) => {
  expect(csvCell(cell)).toMatch(/^"?'/);
});

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1,2', `"'=1,2"`],
  [-1, '-1'],
  [true, 'true'],
  [undefined, ''],
  [{ a: 1 }, '"{""a"":1}"'],
])('the cell of %j is %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

const columns = [
  ['name', (row: { name: string }) => row.name],
  ['length', (row: { name: string }) => row.name.length],
] as const;

async function* pages(...all: string[][]): AsyncGenerator<{ name: string }[]> {
  for (const names of all) yield names.map((name) => ({ name }));
}

test('every page becomes lines of the file, in either format', async () => {
  const csv = exportAnswer({ format: 'csv', name: 'x', columns, pages: pages(['a'], ['=b', 'c']) });
  expect(await text(csv.body as Readable)).toBe("name,length\r\na,1\r\n'=b,2\r\nc,1\r\n");
  const lines = exportAnswer({ format: 'ndjson', name: 'x', columns, pages: pages(['a'], ['=b']) });
  expect(await text(lines.body as Readable)).toBe('{"name":"a"}\n{"name":"=b"}\n');
  expect(lines.headers).toMatchObject({ 'Content-Disposition': 'attachment; filename="x.ndjson"' });
});

test('a file ends at its greatest length, however long the list is', async () => {
  async function* endless(): AsyncGenerator<{ name: string }[]> {
    const page = Array.from({ length: 30_000 }, () => ({ name: 'a' }));
    for (;;) yield page;
  }
  const { body } = exportAnswer({ format: 'ndjson', name: 'x', columns, pages: endless() });
  expect((await text(body as Readable)).split('\n').length - 1).toBe(maxExportRows);
});
