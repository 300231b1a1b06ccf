// The wishes of a user for pushes: levels, mutes and quiet hours, as the HTTP API takes and gives them. The
// server decides what follows for a push.
import * as z from 'zod';
import { conversationIdSchema, idSchema, timestampSchema, timeZoneSchema } from './ids.ts';

/** `mentions`: only what names the user. `none`: nothing. */
export const pushLevels = ['all', 'mentions', 'none'] as const;
export const pushLevelSchema = z.enum(pushLevels);
export type PushLevel = z.infer<typeof pushLevelSchema>;

const clockTimeSchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from 00:00 to 23:59, such as 22:00');

/**
 * Every day from `from` until `to`, over midnight where `to` is the earlier; both are what the clocks of the
 * zone show.
 */
export const quietHoursSchema = z
  .strictObject({ from: clockTimeSchema, to: clockTimeSchema, timeZone: timeZoneSchema })
  .refine(({ from, to }) => from !== to, { message: 'must not be the same as from', path: ['to'] });
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** The settings of one conversation; the level is the default one where it is left out. */
export const conversationPreferenceSchema = z.strictObject({
  level: pushLevelSchema.optional(),
  muteUntil: timestampSchema.optional(),
});
export type ConversationPreference = z.infer<typeof conversationPreferenceSchema>;

/** The whole, as it is answered. */
export const preferencesSchema = z
  .strictObject({
    level: pushLevelSchema,
    quietHours: quietHoursSchema.optional(),
    conversations: z.record(idSchema, conversationPreferenceSchema),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.infer<typeof preferencesSchema>;

/** `PUT /preferences`: what is given is changed, `null` takes it away, the rest stays. */
export const preferencesBodySchema = z.strictObject({
  level: pushLevelSchema.optional(),
  quietHours: quietHoursSchema.nullable().optional(),
  conversations: z
    .record(
      conversationIdSchema,
      z
        .strictObject({
          level: pushLevelSchema.nullable().optional(),
          /** Any ISO 8601 time with its offset; answered in UTC. */
          muteUntil: z.iso.datetime({ offset: true }).nullable().optional(),
        })
        .nullable(),
    )
    .optional(),
});
export type PreferencesChange = z.infer<typeof preferencesBodySchema>;
