// Stream names say what they stand for, and nothing else is one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyUserIdSchema, idSchema, isVisitor } from './ids.ts';
import { conversationStream, inboxStream } from './names.ts';
import { parseStream, seqSchema, streamSchema } from './streams.ts';

const id = fc.stringMatching(/^[A-Za-z0-9._:@-]{1,128}$/);
const userId = fc.oneof(id, fc.string({ unit: 'grapheme' })).filter((text) => anyUserIdSchema.safeParse(text).success);

describe('a stream name', () => {
  it('gives back the conversation or the user it was made from', () => {
    fc.assert(
      fc.property(id, (value) => {
        expect(parseStream(conversationStream(value))).toEqual({ type: 'conversation', conversationId: value });
      }),
    );
    fc.assert(
      fc.property(userId, (value) => {
        const inbox = parseStream(inboxStream(value));
        expect(inbox).toEqual(isVisitor(value) ? undefined : { type: 'inbox', userId: value });
      }),
    );
  });

  it('is accepted by the schema exactly when it can be parsed', () => {
    const nearly = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `c:${rest}`),
      id.map((rest) => `i:${rest}`),
    );
    fc.assert(
      fc.property(nearly, (text) => {
        expect(streamSchema.safeParse(text).success).toBe(parseStream(text) !== undefined);
      }),
    );
  });

  it.each(['', 'c:', 'i:', 'x:a', 'c', 'i:visitor:1', `c:${'a'.repeat(129)}`])('is not %j', (text) => {
    expect(parseStream(text)).toBeUndefined();
    expect(streamSchema.safeParse(text).success).toBe(false);
  });

  it('of two different ids is never the same', () => {
    fc.assert(fc.property(id, id, (a, b) => conversationStream(a) !== inboxStream(b)));
    expect(idSchema.safeParse('c:x').success).toBe(true);
    expect(parseStream('c:c:x')).toEqual({ type: 'conversation', conversationId: 'c:x' });
  });
});

it('a seq is a whole number that survives JSON', () => {
  for (const seq of [0, 1, Number.MAX_SAFE_INTEGER]) expect(seqSchema.safeParse(seq).success).toBe(true);
  for (const seq of [-1, 0.5, 2 ** 53, Number.NaN, '1']) expect(seqSchema.safeParse(seq).success).toBe(false);
});
