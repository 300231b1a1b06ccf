// What the admin door answers, under the names that the screens use: the generated types, nothing of its own.
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type App = Schemas['App'];
export type AppName = Schemas['AppName'];
export type AuditEntry = Schemas['AuditEntry'];
export type ChangedPage = Schemas['ChangedPage'];
export type Feature = Schemas['Feature'];
export type Invitation = Schemas['Invitation'];
export type Member = Schemas['Member'];
export type NewApp = Schemas['NewApp'];
export type Page = Schemas['Page'];
export type PageContent = Schemas['PageContent'];
export type PageImpact = Schemas['PageImpact'];
export type PageRollout = Schemas['PageRollout'];
export type PageVersion = Schemas['PageVersion'];
export type Role = Schemas['Role'];
export type Rollout = Schemas['Rollout'];
export type Session = Schemas['Session'];
export type Template = Schemas['Template'];
export type TenantOfSession = Schemas['TenantOfSession'];
