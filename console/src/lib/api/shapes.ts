// What the admin door answers, under the names that the screens use: the generated types, nothing of its own.
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type ApiKey = Schemas['ApiKey'];
export type App = Schemas['App'];
export type AppName = Schemas['AppName'];
export type AuditEntry = Schemas['AuditEntry'];
export type ChangedPage = Schemas['ChangedPage'];
export type CheckedKeySet = Schemas['CheckedKeySet'];
export type Connecting = Schemas['Connecting'];
export type Feature = Schemas['Feature'];
export type Impact = Schemas['Impact'];
export type ConnectionRow = Schemas['ConnectionRow'];
export type Decision = Schemas['Decision'];
export type Invitation = Schemas['Invitation'];
export type MadeApiKey = Schemas['MadeApiKey'];
export type MadeSigningSecret = Schemas['MadeSigningSecret'];
export type Member = Schemas['Member'];
export type NewApp = Schemas['NewApp'];
export type OwnApp = Schemas['OwnApp'];
export type Page = Schemas['Page'];
export type PageContent = Schemas['PageContent'];
export type PageImpact = Schemas['PageImpact'];
export type PageRollout = Schemas['PageRollout'];
export type PageVersion = Schemas['PageVersion'];
export type Refusal = Schemas['Refusal'];
export type Role = Schemas['Role'];
export type Rollout = Schemas['Rollout'];
export type Session = Schemas['Session'];
export type Signing = Schemas['Signing'];
export type Template = Schemas['Template'];
export type TenantOfSession = Schemas['TenantOfSession'];
export type TokenInspection = Schemas['TokenInspection'];
export type UserRow = Schemas['UserRow'];
