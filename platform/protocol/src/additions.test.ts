// Reactions are what people see: emoji and names, and nothing else.
import { describe, expect, it } from 'vitest';
import { messageAdditionsSchema, reactionSchema } from './additions.ts';

describe('a reaction', () => {
  it.each([
    '👍',
    '👍🏽',
    '❤️',
    '1️⃣',
    '#️⃣',
    '‼️',
    '👨‍👩‍👧‍👦',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '+1',
    ':party:',
    'like',
    '好',
    'v1.0',
  ])('may be %s', (reaction) => {
    expect(reactionSchema.parse(reaction)).toBe(reaction);
    // It stands in a path.
    const { pathname } = new URL(`http://x/reactions/${encodeURIComponent(reaction)}`);
    expect(decodeURIComponent(pathname.slice('/reactions/'.length))).toBe(reaction);
  });

  it.each([
    ['nothing', ''],
    ['a joiner that nobody sees', '\u200D'],
    ['a variation of nothing', '\uFE0F'],
    ['marks without a letter', '\u0301'],
    ['dots, which are a step in a path', '..'],
    ['a part of a path', 'a/b'],
    ['words', 'thank you'],
    ['what turns the direction of a line', 'a\u202Eb'],
    ['a control character', 'a\u0000'],
    ['half a character', '\uD83D'],
    ['more than 64 characters', '👍'.repeat(65)],
  ])('is not %s', (_what, reaction) => {
    expect(reactionSchema.safeParse(reaction).success).toBe(false);
  });
});

describe('what is added to a message', () => {
  it('is said as a whole: what is absent is gone', () => {
    const bare = {
      messageId: '01890a5d-ac96-774b-bcce-b302099a8057',
      seq: 1,
      reactions: [],
      updatedAt: '2026-01-31T12:00:00.000Z',
    };
    expect(messageAdditionsSchema.parse(bare)).toEqual(bare);
    expect(messageAdditionsSchema.safeParse({ ...bare, reactions: undefined }).success).toBe(false);
  });
});
