// How the documents of each collection differ from the records of the archive. Not conversations, users and
// journeys, whose parts are beside this file.

import { randomUUID } from 'node:crypto';
import type { ArchivedPageVersion, ArchivedRecord, ArchiveName } from '../../../../ports/archive.ts';
import type { ClaimTag } from '../cursor-document.ts';
import { sweptLateByMs } from '../idempotency.ts';
import { toDocument, toMessage, type MessageDocument } from '../message-document.ts';
import type { DocumentSpelling, Fields } from './collection-part.ts';

/** Of what is put under a version: no put of before is repeated. */
const versioned: DocumentSpelling = { extend: () => ({ putId: randomUUID() }) };

export const spellings: Readonly<Partial<Record<ArchiveName, DocumentSpelling>>> = {
  apps: versioned,
  apiKeys: versioned,
  kinds: versioned,
  providers: versioned,
  hooks: versioned,
  preferences: versioned,
  accounts: versioned,
  teams: { extend: ({ body }) => ({ putId: randomUUID(), accounts: accountsOf(String(body)) }) },
  pages: {
    omit: ['versions'],
    extend: ({ versions }) => toPage(versions as readonly ArchivedPageVersion[]),
    finish: (record) => ({ ...record, versions: (record['versions'] as readonly string[]).map(fromPageVersion) }),
  },
  uploads: {
    extend: () => ({ touchId: randomUUID() }),
    also: ['doubtSince'],
    finish: (record, { doubtSince }) => (doubtSince === undefined ? record : { ...record, doubtSince }),
  },
  messages: {
    names: new Map([['replyTo', 'answers']]),
    omit: ['replyTo'],
    extend: toMessageFields,
    // With it those of one moment are in the order in which they were stored.
    arrival: ['app', 'storedAt', '_id'],
  },
  cursors: {
    names: new Map([['userId', 'user']]),
    also: ['claims'],
    omit: ['claimFrom'],
    extend: toClaim,
    finish: fromClaim,
  },
  idempotency: {
    extend: ({ forgetAt }) => ({ beginId: randomUUID(), sweepAt: new Date(Number(forgetAt) + sweptLateByMs) }),
  },
};

/** What a document has for indexes alone. Its count of replies moves, so that it owes none. */
function toMessageFields(record: ArchivedRecord): Fields {
  const document = record as unknown as MessageDocument;
  const { owesCount: _, ...fields } = toDocument(document.app, toMessage(document));
  const { seq, editedAt, addedAt, deletedAt = latestOf(editedAt, addedAt), pinnedAt } = document;
  return {
    ...fields,
    ...(deletedAt !== undefined && { changedAt: deletedAt }),
    ...(pinnedAt !== undefined && { pinned: seq }),
  };
}

function latestOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** Of the JSON of a team. */
function accountsOf(body: string): string[] {
  const { members } = JSON.parse(body) as { members: readonly { account: string }[] };
  return members.map(({ account }) => account);
}

/** The present version, and all versions as the store keeps them. */
function toPage(versions: readonly ArchivedPageVersion[]): Fields {
  const kept = versions.map(({ policy, ...rest }) => ({ policy: JSON.parse(policy) as Fields, ...rest }));
  const present = kept.at(-1);
  if (present === undefined) throw new Error('a page policy without a version');
  return {
    version: present.policy['version'],
    putId: randomUUID(),
    removed: present.removed,
    updatedAt: present.policy['updatedAt'],
    policy: JSON.stringify(present.policy),
    versions: kept.map((each) => JSON.stringify(each)),
  };
}

function fromPageVersion(text: string): ArchivedPageVersion {
  const { policy, ...rest } = JSON.parse(text) as Omit<ArchivedPageVersion, 'policy'> & { policy: unknown };
  return { policy: JSON.stringify(policy), ...rest };
}

/** The newest claim; no call of before it is still under way. */
function toClaim(record: ArchivedRecord): Fields {
  const { claimId, claimFrom, pushed, delivered, seen, seenMobile, read } = record as Record<string, number> & {
    claimId?: string;
  };
  if (claimId === undefined) return {};
  const tag = { id: claimId, call: '', from: claimFrom, through: pushed, delivered, seen, seenMobile, read };
  return { claims: [tag as ClaimTag] };
}

function fromClaim(record: ArchivedRecord, document: Fields): ArchivedRecord {
  const { claimId: _, ...rest } = record;
  const [claim] = (document['claims'] as readonly ClaimTag[] | undefined) ?? [];
  const zeros = { delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
  return { ...zeros, ...rest, ...(claim !== undefined && { claimId: claim.id, claimFrom: claim.from }) };
}
