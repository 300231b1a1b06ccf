// What a page shows of an answer, beside answers that fit it and that do not.

import { expect, it } from 'vitest';
import { isPrinted } from './shown-answer.ts';

it.each([
  ['{"a":1.5,"at":"2026...","b":[...],"c":{...},...}', '{"c":{"d":1},"a":-20,"at":"2026-01-01","b":[{}],"e":1}', true],
  ['{"a":[{"b":1},...]}', '{"a":[{"b":2},{"c":3}]}', true],
  ['{"a":{...,"b":[...,"c"]},"d":...}', '{"d":null,"a":{"b":[1,"c"],"e":1}}', true],
  ['{...}', '{}', true],
  ['{"at":"...45.100Z"}', '{"at":"2026-01-01T00:00:07.001Z"}', true],
  ['{"a":"..."}', '{"a":"b","c":1}', false],
  ['{"a":["..."]}', '{"a":["b","c"]}', false],
  ['{"a":"x.y"}', '{"a":"x-y"}', false],
  ['{"a":1}', '{"a":1,"b":2}', false],
  ['{"a":1,...}', '{"b":2}', false],
  ['{"a":[{...}]}', '{"a":[]}', false],
  ['{"a":true}', '{"a":false}', false],
  ['{"a":1}', '{"a":"1"}', false],
])('the answer %s is compared with %s: %s', (shown, got, fits) => {
  expect(isPrinted(shown, `> ${got}\n${got}\n`)).toBe(fits);
});

it('an answer that is no JSON is a mistake of the page', () => {
  expect(() => isPrinted('{"a":}', '{}')).toThrow('{"a":}');
});
