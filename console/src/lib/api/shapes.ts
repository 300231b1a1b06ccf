// What the admin door answers, under the names that the screens use: the generated types, nothing of its own.
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type App = Schemas['App'];
export type AuditEntry = Schemas['AuditEntry'];
export type Invitation = Schemas['Invitation'];
export type Member = Schemas['Member'];
export type NewApp = Schemas['NewApp'];
export type Role = Schemas['Role'];
export type Session = Schemas['Session'];
export type Template = Schemas['Template'];
export type TenantOfSession = Schemas['TenantOfSession'];
