// The notes of all fields of the public API, in one table.

import type { FieldNotes } from '../../../openapi-fields.ts';
import { messagingNotes } from './messaging.ts';
import { pushingNotes } from './pushing.ts';
import { settingsNotes } from './settings.ts';
import { webhookNotes } from './webhooks.ts';

export const fieldNotes: FieldNotes = new Map(
  Object.entries({ ...messagingNotes, ...pushingNotes, ...settingsNotes, ...webhookNotes }),
);
