// A list as a file: what stands in its cells and lines.
import { expect, test } from 'vitest';
import { csvCell, exported } from './table-export.ts';

test.each([
  ['plain', 'plain'],
  ['=cmd()', "'=cmd()"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['\tx', "'\tx"],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=a,b', '"\'=a,b"'],
  [-5, '-5'],
  [true, 'true'],
  [undefined, ''],
  [null, ''],
])('a cell of %j is %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('each row is a line, under the names of the columns', async () => {
  const rows = [{ user: 'ann', age: 3 }, { user: 'b,b' }] as { user: string; age?: number }[];
  const columns = [
    ['user', ({ user }: { user: string }) => user],
    ['age', ({ age }: { age?: number }) => age],
  ] as const;
  const text = async (format: 'csv' | 'ndjson') => {
    const { body } = exported(rows, columns, { format, name: 'x' });
    return (await Array.fromAsync(body as AsyncIterable<string>)).join('');
  };
  expect(await text('csv')).toBe('user,age\r\nann,3\r\n"b,b",\r\n');
  expect(await text('ndjson')).toBe('{"user":"ann","age":3}\n{"user":"b,b"}\n');
});
