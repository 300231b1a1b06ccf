// Frames are read without trusting a byte of them, and written in one form.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BelfryError } from './errors.ts';
import { answerFrame, checkJson, encodeEvent, errorFrame, parseFrame } from './frames.ts';

function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

describe('a frame', () => {
  it('is an action with an optional id and data', () => {
    expect(parseFrame('{"id":1,"action":"typing","data":{"isTyping":true}}')).toEqual({
      ok: true,
      frame: { id: 1, action: 'typing', data: { isTyping: true } },
    });
    expect(parseFrame('{"action":"ack","extra":1}')).toEqual({ ok: true, frame: { action: 'ack', data: {} } });
  });

  it.each([
    ['', []],
    ['nonsense', []],
    ['{"action":"a"', []],
    ['[]', []],
    ['null', []],
    ['"x"', []],
    ['{}', ['action']],
    ['{"action":5}', ['action']],
    ['{"action":"a","data":[]}', ['data']],
    ['{"action":"a","data":null}', ['data']],
    ['{"id":-1,"action":"a"}', ['id']],
    ['{"id":1.5,"action":"a"}', ['id']],
    ['{"id":"1","action":"a"}', ['id']],
    ['{"id":null,"action":"a"}', ['id']],
    ['{"id":9007199254740992,"action":"a"}', ['id']],
    ['{"action":"a","data":{"n":[0,1e400]}}', ['data', 'n', 1]],
    ['{"action":"a","data":{"n":9007199254740993}}', ['data', 'n']],
    ['{"action":"a","data":{"n":-9007199254740993}}', ['data', 'n']],
    ['{"action":"a","data":{"x":{"__proto__":{"admin":true}}}}', ['data', 'x', '__proto__']],
    ['{"action":"a","data":{"\\u005f_proto__":1}}', ['data', '__proto__']],
    ['{"action":"a","data":{"constructor":1}}', ['data', 'constructor']],
    ['{"action":"a","prototype":1}', ['prototype']],
  ])('that is %s is refused with the path %j', (text, path) => {
    const parsed = parseFrame(text);
    expect(parsed.ok ? undefined : parsed.error.toWire()).toMatchObject({ code: 'bad_request', path });
  });

  it('keeps its id when it is refused, if the id could be read', () => {
    expect(parseFrame('{"id":7,"action":5}')).toMatchObject({ ok: false, id: 7 });
    expect(parseFrame('{"id":7,"action":"a","data":{"n":1e400}}')).toMatchObject({ ok: false, id: 7 });
    expect(parseFrame('{"id":"7","action":"a"}')).not.toHaveProperty('id');
  });

  it('may hold fractions and integers up to 2^53 - 1', () => {
    expect(parseFrame('{"action":"a","data":{"a":1.5,"b":-0,"c":9007199254740991,"d":1e-400}}').ok).toBe(true);
  });

  it('may be nested 32 levels and not one more', () => {
    const frame = (levels: number): string => `{"action":"a","data":{"x":${nested(levels)}}}`;
    expect(parseFrame(frame(30)).ok).toBe(true);
    const deeper = parseFrame(frame(31));
    expect(deeper.ok ? undefined : deeper.error.path).toHaveLength(32);
    expect(parseFrame(frame(3), { maxDepth: 4 }).ok).toBe(false);
  });

  it('cannot overflow the stack', () => {
    const levels = 200_000;
    expect(parseFrame(`{"action":"a","data":{"x":${nested(levels)}}}`).ok).toBe(false);
    expect(parseFrame(`{"action":"a","data":${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}}`).ok).toBe(false);
    expect(parseFrame('['.repeat(levels)).ok).toBe(false);
  });

  it('changes no prototype', () => {
    parseFrame('{"action":"a","data":{"__proto__":{"polluted":true}}}');
    parseFrame('{"action":"a","__proto__":{"polluted":true}}');
    expect({}).not.toHaveProperty('polluted');
  });

  it('never makes the reader throw, and is handed on unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseFrame(text);
        if (!parsed.ok) expect(parsed.error).toBeInstanceOf(BelfryError);
      }),
    );
    const clean = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean()),
    );
    fc.assert(
      fc.property(fc.nat(), fc.string(), clean, (id, action, data) => {
        expect(parseFrame(JSON.stringify({ id, action, data }))).toEqual({
          ok: true,
          frame: { id, action, data: { ...data } },
        });
      }),
    );
  });
});

it('an HTTP body is held to the same rules', () => {
  expect(checkJson({ a: [1, 'x', null, true] })).toBeUndefined();
  expect(checkJson([{ constructor: 1 }].map((value) => ({ ...value })))?.path).toEqual([0, 'constructor']);
  expect(checkJson(2 ** 53)?.path).toEqual([]);
});

describe('a frame of the server', () => {
  it('is an answer with the id of the question', () => {
    expect(JSON.parse(answerFrame(3, { seq: 1 }))).toEqual({ id: 3, ok: true, data: { seq: 1 } });
  });

  it('is an error with the id, when there is one', () => {
    const error = new BelfryError('rate_limited', { afterMs: 800 });
    expect(JSON.parse(errorFrame(4, error))).toEqual({ id: 4, ok: false, error: error.toWire() });
    expect(JSON.parse(errorFrame(undefined, error))).toEqual({ ok: false, error: error.toWire() });
  });

  it('says nothing of an unexpected failure but that there was one', () => {
    expect(errorFrame(1, new Error('password=hunter2'))).not.toContain('hunter2');
    expect(JSON.parse(errorFrame(1, new Error('x')))).toMatchObject({ error: { code: 'internal', retry: 'same' } });
  });

  it('is an event whose bytes do not depend on how it was put together', () => {
    const timestamp = '2026-01-01T00:00:00.000Z';
    const one = encodeEvent({ action: 'new_message', stream: 'c:1', seq: 1, conversationId: '1', timestamp, data: {} });
    const other = encodeEvent({
      data: {},
      timestamp,
      conversationId: '1',
      seq: 1,
      stream: 'c:1',
      action: 'new_message',
    });
    expect(one).toBe(other);
    expect(encodeEvent({ action: 'goaway', timestamp, data: {} })).toBe(
      `{"action":"goaway","timestamp":"${timestamp}","data":{}}`,
    );
  });
});
