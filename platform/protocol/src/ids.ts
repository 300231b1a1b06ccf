// The spelling of every identifier on the wire. What an id refers to, and who may use it, is decided by the
// server.
import * as z from 'zod';

/**
 * Ids that an app chooses itself, but for those of users: 1 to 128 ASCII characters, so they can stand in a
 * URL path, a key and a log line unescaped.
 */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9._:@-]{1,128}$/, 'must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -');

/** User ids of connections without a token begin with this, followed by a UUID that the server makes. */
export const visitorPrefix = 'visitor:';

/** Whether the id is that of a connection without a token. */
export function isVisitor(userId: string): boolean {
  return userId.startsWith(visitorPrefix);
}

/**
 * A user as the server names one: the id that an issuer gave, or a visitor. Issuers choose freely
 * (`auth0|507f...`, `ann+work@example.com`, `CN=Ann Smith,OU=Staff`), so every printable character is taken:
 * letters of every script, blanks inside, and the joiners that some scripts need. What nobody sees, or what
 * turns the direction of a line, is not. Compared letter by letter.
 *
 * Such an id is data. Where it becomes part of a longer text, it stands last, beside a control character,
 * or as `plainUserId`; it is never the name of a property.
 */
export const anyUserIdSchema = z
  .string()
  .regex(
    /^(?! )(?!.* $)(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Z}]|[ \u200C\u200D]){1,128}$/u,
    'must be 1 to 128 printable characters, without blanks at the ends',
  );

/**
 * A user as tokens and HTTP requests name one. Ids beginning with `visitor:` are refused: whoever could name
 * one could take over, or speak as, somebody who never signed in.
 */
export const userIdSchema = anyUserIdSchema.refine((id) => !isVisitor(id), `must not begin with ${visitorPrefix}`);

/** The id as ASCII without blanks, slashes and quotes. Two users never have the same. */
export function plainUserId(userId: string): string {
  return userId.replaceAll(/[^A-Za-z0-9._:@-]/gu, encodeURIComponent);
}

export const conversationIdSchema = idSchema;

export const topicSchema = idSchema;

/** Ids that Belfry makes (messages, broadcasts, connections, devices): UUIDs, version 7 in this release. */
export const uuidSchema = z.uuid();

/** The public key of an app, as in `/ws?app=<appKey>`. No secret. */
export const appKeySchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -');

/** The sender's own id of one message or request; the same id sent again is the same message. */
export const cidSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,128}$/u, 'must be 1 to 128 characters without control characters');

export const deviceTypes = ['mobile', 'desktop', 'tablet'] as const;
export const deviceTypeSchema = z.enum(deviceTypes);
export type DeviceType = z.infer<typeof deviceTypeSchema>;

/**
 * ISO 8601, UTC, with exactly three decimals: `2026-01-31T12:00:00.000Z`, what `Date.prototype.toISOString`
 * gives.
 */
export const timestampSchema = z.iso.datetime({ precision: 3 });

/** A BCP 47 tag such as `zh-CN`. Only its shape is checked; an unknown locale falls back to the app's. */
export const localeSchema = z
  .string()
  .regex(/^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag such as en or zh-CN');

/**
 * An IANA zone such as `Asia/Shanghai`. Only its shape is checked here: browsers and servers ship different
 * zone tables.
 */
export const timeZoneSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}$/, 'must be a time zone such as Asia/Shanghai')
  .max(64);

/** Any JSON object whose content is somebody else's business: a message type's, a provider's, a tenant's. */
export const jsonObjectSchema = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObjectSchema>;
