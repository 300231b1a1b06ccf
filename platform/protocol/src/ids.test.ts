// Which spellings of ids are accepted.
import { describe, expect, it } from 'vitest';
import { cidSchema, idSchema, isVisitor, localeSchema, timestampSchema, timeZoneSchema, userIdSchema } from './ids.ts';

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
