// The forms of what the console's API answers about accounts, tenants and their members. The console's types are
// made from them; which record becomes which answer: shown.ts. Answers of one part alone stand with its routes.

import { timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import { memberRoles } from '../../../ports/stores/accounts.ts';

/** Answers have members' roles by this name, so that the console has one type of them. */
export const memberRoleSchema = z.enum(memberRoles).meta({ id: 'Role' });

/** How many there are; `atLeast` where that is all that is known. */
export const totalSchema = z.object({ value: z.int(), atLeast: z.boolean().optional() }).meta({ id: 'Total' });

/** All of what there is. */
export function allOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), total: totalSchema });
}

/** A page of what there is. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

export const accountSchema = z
  .object({
    ...{ id: z.string(), email: z.string(), name: z.string(), locale: z.string() },
    ...{ theme: z.string(), timeZone: z.string(), density: z.string(), singleKeys: z.boolean() },
    bell: z.array(z.string()).readonly(),
    ...{ operator: z.boolean(), totp: z.boolean(), recoveryCodesLeft: z.int() },
    ...{ version: z.int(), createdAt: timestampSchema },
  })
  .meta({ id: 'Account' });
export type AccountAnswer = z.infer<typeof accountSchema>;

const appNameSchema = z
  .object({ app: z.string(), name: z.string(), disabled: z.boolean(), protected: z.boolean() })
  .meta({ id: 'AppName' });

export const sessionSchema = z
  .object({
    account: accountSchema,
    tenants: z.array(
      z
        .object({ id: z.string(), name: z.string(), role: memberRoleSchema, apps: z.array(appNameSchema) })
        .meta({ id: 'TenantOfSession' }),
    ),
    operator: z.boolean(),
    /** For the header of changes. */
    csrf: z.string(),
    ...{ expiresAt: timestampSchema, idleUntil: timestampSchema, confirmedUntil: timestampSchema },
    server: z.object({
      ...{ version: z.string(), engine: z.enum(['embedded', 'cluster']), time: timestampSchema },
      ...{ publicUrl: z.string().nullable(), playground: z.string().nullable() },
    }),
    live: z.object({ app: z.string(), url: z.string() }),
  })
  .meta({ id: 'Session' });
export type SessionAnswer = z.infer<typeof sessionSchema>;

export const signedOutSchema = z.object({ setupNeeded: z.boolean() }).meta({ id: 'SignedOut' });
export const codeWantedSchema = z.object({ next: z.literal('code'), challenge: z.string() }).meta({ id: 'CodeWanted' });

export const liveTokenSchema = z
  .object({ app: z.string(), token: z.string(), expiresAt: timestampSchema })
  .meta({ id: 'LiveToken' });

export const ownSessionSchema = z
  .object({
    ...{ id: z.string(), current: z.boolean(), createdAt: timestampSchema, lastUsedAt: timestampSchema },
    ...{ address: z.string(), agent: z.string() },
  })
  .meta({ id: 'OwnSession' });

export const tenantSchema = z
  .object({
    ...{ id: z.string(), name: z.string(), managed: z.boolean() },
    requireTotpFrom: memberRoleSchema.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Tenant' });
export type TenantAnswer = z.infer<typeof tenantSchema>;

export const memberSchema = z
  .object({
    ...{ account: z.string(), name: z.string(), email: z.string(), role: memberRoleSchema, totp: z.boolean() },
    ...{ since: timestampSchema, lastUsedAt: timestampSchema.nullable() },
    ...{ version: z.int(), changedBy: z.string(), changedAt: timestampSchema },
  })
  .meta({ id: 'Member' });
export type MemberAnswer = z.infer<typeof memberSchema>;

export const invitationSchema = z
  .object({
    ...{ id: z.string(), label: z.string(), role: memberRoleSchema, createdBy: z.string() },
    ...{ createdAt: timestampSchema, expiresAt: timestampSchema },
  })
  .meta({ id: 'Invitation' });
export type InvitationAnswer = z.infer<typeof invitationSchema>;

/** What an invitation says to whoever has its link; `tenant` is its name. */
export const invitedSchema = z
  .object({
    ...{ label: z.string(), role: memberRoleSchema, tenant: z.string(), createdBy: z.string() },
    expiresAt: timestampSchema,
  })
  .meta({ id: 'Invited' });

export const linkSchema = z.object({ link: z.string(), expiresAt: timestampSchema }).meta({ id: 'Link' });

const fieldsSchema = z.record(z.string(), z.unknown()).readonly();

export const auditEntrySchema = z
  .object({
    ...{ id: z.string(), at: timestampSchema },
    actor: z.object({
      type: z.enum(['account', 'api_key', 'file', 'belfry', 'nobody']),
      ...{ id: z.string(), name: z.string() },
    }),
    via: z.enum(['console', 'api_key', 'file', 'belfry']),
    ...{ action: z.string(), tenant: z.string(), app: z.string().optional() },
    object: z.object({ type: z.string(), id: z.string() }),
    ...{ before: fieldsSchema.optional(), after: fieldsSchema.optional() },
    ...{ address: z.string(), requestId: z.string() },
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryAnswer = z.infer<typeof auditEntrySchema>;
