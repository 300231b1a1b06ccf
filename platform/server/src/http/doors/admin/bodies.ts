// The forms of what the console sends about accounts and tenants. What is done with it: the routes.

import * as z from 'zod';
import { maxPasswordChars, minPasswordChars } from '../../../accounts/passwords.ts';
import { memberRoles } from '../../../ports/stores/accounts.ts';

const printable = /^[^\p{C}]*$/u;

/** A text for people, without control characters. */
export function textOf(maxChars: number) {
  return z.string().trim().min(1).max(maxChars).regex(printable, 'must not hold control characters');
}

export const nameSchema = textOf(80);
/** An address in the form that a person has; whether anybody reads it is not known. */
export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u, 'must be an e-mail address');
/** Of any characters; long enough that guessing is hopeless. */
export const newPasswordSchema = z.string().min(minPasswordChars).max(maxPasswordChars);
export const passwordSchema = z.string().min(1).max(maxPasswordChars);
export const localeSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language tag, such as en');
export const roleSchema = z.enum(memberRoles);
export const codeSchema = z.string().min(6).max(40);
export const tokenSchema = z.string().regex(/^[\w-]{20,64}$/, 'must be of a link');

/** A moment with its zone; ms since the epoch for the handler. */
export const timeSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ type: 'string', format: 'date-time' });

export const profileSchema = z.strictObject({
  name: nameSchema.optional(),
  locale: localeSchema.optional(),
  theme: z.enum(['system', 'light', 'dark']).optional(),
  timeZone: z
    .string()
    .max(64)
    .refine((zone) => zone === '' || isTimeZone(zone), 'must be the name of a time zone, such as Europe/Berlin')
    .optional(),
  density: z.enum(['comfortable', 'default', 'compact']).optional(),
  singleKeys: z.boolean().optional(),
  bell: z.array(z.string().max(64)).max(64).optional(),
});

function isTimeZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
