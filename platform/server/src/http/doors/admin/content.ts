// What people in the console see of what messages say: the app's setting and the role decide, and whoever opens it
// leaves an entry in the audit, one an hour for each conversation, or message that is in none. Which routes show
// messages: theirs.

import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import { isAtLeast } from '../../../accounts/roles.ts';
import { isMessageData } from '../../../conversations/views.ts';
import type { StoredMessage } from '../../../ports/stores/index.ts';
import { replyToOf } from '../../../ports/stores/additions.ts';
import { searchableText } from '../../../ports/stores/search-terms.ts';
import type { SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import { recordOfApp } from './record-of-app.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

/** `on_request`: after an entry in the audit. `hidden`: to this person never. */
export const contentAccessSchema = z.enum(['shown', 'on_request', 'hidden']);
export type ContentAccess = z.infer<typeof contentAccessSchema>;

export const messageRowSchema = z
  .object({
    ...{ id: z.string(), seq: z.int(), at: z.string(), kind: z.string(), action: z.string() },
    senderId: z.string().optional(),
    /** Of what carries a message: `text`, `voice` ... */
    type: z.string().optional(),
    ...{ editedAt: z.string().optional(), deletedAt: z.string().optional(), replyTo: z.string().optional() },
    ...{ reactions: z.int(), replies: z.int(), pinned: z.boolean() },
    /** It was not for everybody in the conversation. */
    narrowed: z.boolean(),
    /** How long the text in it is. */
    characters: z.int(),
    /** Left out where it is not shown. */
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'MessageRow' });
export type MessageRow = z.infer<typeof messageRowSchema>;

export function contentAccess({ role, app }: Pick<InApp, 'role' | 'app'>): ContentAccess {
  const { contentInConsole = 'audited' } = app;
  if (!isAtLeast(role, 'developer') || contentInConsole === 'hidden') return 'hidden';
  return contentInConsole === 'shown' ? 'shown' : 'on_request';
}

/** What is opened: a conversation, or a message that is in none. */
interface Opened {
  type: 'conversation' | 'message';
  id: string;
}

/** Whether an answer has what messages say. Throws `content_hidden` where it was asked for and is never shown. */
export async function openContent(
  caller: SignedIn & InApp,
  { of, isAsked }: { of: Opened; isAsked: boolean },
  services: Pick<AdminServices, 'audit' | 'auditStore' | 'clock'>,
): Promise<boolean> {
  const access = contentAccess(caller);
  if (access === 'shown') return true;
  if (!isAsked) return false;
  if (access === 'hidden') throw new BelfryError('content_hidden');
  await recordOpening(caller, of, services);
  return true;
}

const entryEveryMs = 3_600_000;

async function recordOpening(
  caller: SignedIn & InApp,
  object: Opened,
  { audit, auditStore, clock }: Pick<AdminServices, 'audit' | 'auditStore' | 'clock'>,
): Promise<void> {
  const action = `${object.type}.read`;
  const before = await auditStore.list(caller.tenant.id, {
    ...{ action, actor: caller.session.account.id, app: caller.app.app, object: `${object.type}:${object.id}` },
    ...{ from: clock.now() - entryEveryMs, limit: 1 },
  });
  if (before.items.length > 0) return;
  await recordOfApp(caller, { action, object }, audit);
}

export function messageRow(message: StoredMessage, withData: boolean): MessageRow {
  const { id, seq, storedAt, kind, action, senderId, data, editedAt, deletedAt, targets, exclude } = message;
  const type = isMessageData(data) ? String(data['type']) : undefined;
  const replyTo = replyToOf(message);
  return {
    ...{ id, seq, at: isoOf(storedAt), kind, action },
    ...(senderId === undefined ? {} : { senderId }),
    ...(type === undefined ? {} : { type }),
    ...(editedAt === undefined ? {} : { editedAt: isoOf(editedAt) }),
    ...(deletedAt === undefined ? {} : { deletedAt: isoOf(deletedAt) }),
    ...(replyTo === undefined ? {} : { replyTo }),
    reactions: (message.reactions ?? []).reduce((sum, { userIds }) => sum + userIds.length, 0),
    ...{ replies: message.replies?.count ?? 0, pinned: message.pinned !== undefined },
    narrowed: targets !== undefined || (exclude?.length ?? 0) > 0,
    characters: Array.from(searchableText(data)).length,
    ...(withData && deletedAt === undefined ? { data } : {}),
  };
}
