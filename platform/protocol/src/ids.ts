// The spelling of every identifier on the wire. What an id refers to, and who may use it, is decided by the
// server.
import * as z from 'zod';

// Descriptions and examples are those of the OpenAPI document. Its patterns have to work without flags and
// outside of JavaScript, so a schema that needs more than that has a simpler one for the document.

/**
 * Ids that an app chooses itself, but for those of users: 1 to 128 ASCII characters, so they can stand in a
 * URL path, a key and a log line unescaped.
 */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9._:@-]{1,128}$/, 'must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -')
  .meta({ description: 'An id that the app chooses.', example: 'ward-7' });

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
  )
  .meta({
    description: 'The id of a user, as the app names them: 1 to 128 printable characters.',
    example: 'ann',
    minLength: 1,
    maxLength: 128,
    pattern: String.raw`^[^\u0000-\u0020\u007f-\u00a0]([^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0])?$`,
  });

/**
 * A user as tokens and HTTP requests name one. Ids beginning with `visitor:` are refused: whoever could name
 * one could take over, or speak as, somebody who never signed in.
 */
export const userIdSchema = anyUserIdSchema.refine((id) => !isVisitor(id), `must not begin with ${visitorPrefix}`);

export const conversationIdSchema = idSchema.meta({ description: 'The id of a conversation.', example: 'ward-7' });

export const topicSchema = idSchema.meta({ description: 'The name of a topic.', example: 'bed-plan' });

/** Ids that Belfry makes (messages, broadcasts, connections, devices): UUIDs, version 7 in this release. */
export const uuidSchema = z.uuid().meta({
  description: 'An id that Belfry made.',
  example: '01890a5d-ac96-774b-bcce-b302099a8057',
  // The format says it.
  pattern: undefined,
});

/** The public key of an app, as in `/ws?app=<appKey>`. No secret. */
export const appKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -')
  .meta({ description: 'The public key of an app.', example: 'demo' });

/** The sender's own id of one message or request; the same id sent again is the same message. */
export const cidSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,128}$/u, 'must be 1 to 128 characters without control characters')
  .meta({
    description: 'An id that the sender chooses for this one request. The same id sent again is the same request.',
    example: 'order-4711',
    minLength: 1,
    maxLength: 128,
    pattern: String.raw`^[^\u0000-\u001f\u007f-\u009f]+$`,
  });

export const deviceTypes = ['mobile', 'desktop', 'tablet'] as const;
export const deviceTypeSchema = z.enum(deviceTypes).meta({ description: 'The sort of device.', example: 'desktop' });
export type DeviceType = z.infer<typeof deviceTypeSchema>;

/**
 * ISO 8601, UTC, with exactly three decimals: `2026-01-31T12:00:00.000Z`, what `Date.prototype.toISOString`
 * gives.
 */
export const timestampSchema = z.iso.datetime({ precision: 3 }).meta({
  description: 'A time in UTC, with milliseconds.',
  example: '2026-01-31T12:00:00.000Z',
  // The format says it.
  pattern: undefined,
});

/** A BCP 47 tag such as `zh-CN`. Only its shape is checked; an unknown locale falls back to the app's. */
export const localeSchema = z
  .string()
  .regex(/^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag such as en or zh-CN')
  .meta({ description: 'A language tag.', example: 'zh-CN' });

/**
 * An IANA zone such as `Asia/Shanghai`. Only its shape is checked here: browsers and servers ship different
 * zone tables.
 */
export const timeZoneSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}$/, 'must be a time zone such as Asia/Shanghai')
  .max(64)
  .meta({ description: 'An IANA time zone.', example: 'Asia/Shanghai' });

/** Any JSON object whose content is somebody else's business: a message type's, a provider's, a tenant's. */
export const jsonObjectSchema = z
  .record(z.string(), z.unknown())
  .meta({ description: 'A JSON object whose fields are not those of Belfry.', example: { ward: '7' } });
export type JsonObject = z.infer<typeof jsonObjectSchema>;
