// Which spellings of ids are accepted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidSchema, idSchema, isVisitor, localeSchema, timestampSchema, timeZoneSchema, userIdSchema } from './ids.ts';
import { plainUserId } from './names.ts';

describe('ids', () => {
  it.each(['a', 'user@example.org', 'tenant:7_x-y.z', 'x'.repeat(128)])('accepts %s', (id) => {
    expect(idSchema.safeParse(id).success).toBe(true);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a/b', 'ä', 'a\n', 'a\u0000', { $gt: '' }, 5, null])('refuses %j', (id) => {
    expect(idSchema.safeParse(id).success).toBe(false);
  });

  it('let only the server name a visitor', () => {
    expect(userIdSchema.safeParse('visitor:1').success).toBe(false);
    expect(idSchema.safeParse('visitor:1').success).toBe(true);
    expect(userIdSchema.safeParse('Visitor').success).toBe(true);
    expect(isVisitor('visitor:1')).toBe(true);
    expect(isVisitor('visitors')).toBe(false);
  });
});

describe("a user's id", () => {
  it.each([
    'auth0|507f1f77bcf86cd799439020',
    'ann+work@example.com',
    'CN=Ann Smith,OU=Staff,DC=example,DC=com',
    'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent#x/y?z=1',
    'EXAMPLE\\ann',
    '{"id":7}',
    'constructor',
    '__proto__',
    '50% $(x) `y` <z> ~!;',
    '张伟',
    'Ærøskøbing',
    'می\u200cخواهم',
    '👩\u200d⚕️',
    '😀'.repeat(128),
  ])('may be %s', (id) => {
    expect(userIdSchema.safeParse(id).success).toBe(true);
  });

  it.each([
    '',
    ' ',
    ' a',
    'a ',
    'a\nb',
    'a\u0000',
    'a\u007f',
    'a\u0085b',
    'a\u00a0b',
    'a\u2028b',
    'a\u200bb',
    'a\u202eb',
    '\ufeffa',
    '\ud800',
    '\udc00a',
    'x'.repeat(129),
    '😀'.repeat(129),
    { $gt: '' },
    5,
  ])('may not be %j', (id) => {
    expect(userIdSchema.safeParse(id).success).toBe(false);
  });

  it('is itself in plain letters where it has no others, and never the same as of another user', () => {
    expect(plainUserId('tenant:7_x-y.z@example.org')).toBe('tenant:7_x-y.z@example.org');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(plainUserId(a)).toMatch(/^[A-Za-z0-9._:@%!'()*~-]*$/);
        expect(plainUserId(a) === plainUserId(b)).toBe(a === b);
      }),
    );
    expect(plainUserId('a%7Cb')).not.toBe(plainUserId('a|b'));
  });
});

describe('a cid', () => {
  it('counts characters, not UTF-16 units', () => {
    expect(cidSchema.safeParse('😀'.repeat(128)).success).toBe(true);
    expect(cidSchema.safeParse('😀'.repeat(129)).success).toBe(false);
  });

  it.each(['', 'a\tb', 'a\u0000', 'a\u009f', '\ud800'])('refuses %j', (cid) => {
    expect(cidSchema.safeParse(cid).success).toBe(false);
  });
});

describe('other spellings', () => {
  it('takes what toISOString gives for a time, and no other form of it', () => {
    expect(timestampSchema.safeParse(new Date(0).toISOString()).success).toBe(true);
    expect(timestampSchema.safeParse('1970-01-01T00:00:00Z').success).toBe(false);
    expect(timestampSchema.safeParse('1970-01-01T00:00:00.000+01:00').success).toBe(false);
  });

  it('takes every time zone this machine knows', () => {
    const refused = Intl.supportedValuesOf('timeZone').filter((zone) => !timeZoneSchema.safeParse(zone).success);
    expect(refused).toEqual([]);
    expect(timeZoneSchema.safeParse('../etc/passwd').success).toBe(false);
  });

  it('takes language tags', () => {
    for (const tag of ['en', 'zh-CN', 'zh-Hans-CN', 'en_US']) expect(localeSchema.safeParse(tag).success).toBe(true);
    for (const tag of ['', 'e', 'en-', 'en; q=1']) expect(localeSchema.safeParse(tag).success).toBe(false);
  });
});
