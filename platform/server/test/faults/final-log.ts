// Reads the logs as they are: conversations over HTTP, inboxes as a client that resumes. Checks nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import type { BackEnd } from './back-end.ts';
import type { LogEntry, StreamRecord } from './history.ts';
import { Link } from './link.ts';
import { keyOfData } from './participant.ts';
import { inboxesOf, tokenOf, type App } from './setting.ts';

export interface LogSource {
  app: App;
  backEnd: BackEnd;
  url: string;
  /** The messages that were read before, by stream: only later ones are read. Without it all are. */
  known?: ReadonlyMap<string, readonly LogEntry[]>;
}

const pageSize = 100;
/** A message that does not come by then is missing, and the checker says so. */
const patienceMs = 15_000;
const mostTries = 20;
const againMs = 500;

export async function readLogs(source: LogSource): Promise<StreamRecord[]> {
  const { app, known = new Map<string, readonly LogEntry[]>() } = source;
  const conversations = app.conversations.map(async ({ id, stream, users }): Promise<StreamRecord> => {
    const before = known.get(stream) ?? [];
    const log = [...before, ...(await readConversation(source, id, before.at(-1)?.seq ?? 0))];
    return { app: app.key, stream, members: users, log };
  });
  const inboxes = inboxesOf(app).map(async (user): Promise<StreamRecord> => {
    const stream = `i:${user}`;
    const before = known.get(stream) ?? [];
    const log = [...before, ...(await readInbox(source, user, before.at(-1)?.seq ?? 0))];
    return { app: app.key, stream, members: [user], log };
  });
  return await Promise.all([...conversations, ...inboxes]);
}

async function readConversation({ backEnd }: LogSource, id: string, after: number): Promise<LogEntry[]> {
  const log: LogEntry[] = [];
  for (;;) {
    const afterSeq = log.at(-1)?.seq ?? after;
    const page = await backEnd.read(`/conversations/${id}/messages?afterSeq=${afterSeq}&limit=${pageSize}`);
    const { messages, hasMore } = page as unknown as { messages: Message[]; hasMore: boolean };
    for (const { seq, messageId, senderId, ...data } of messages)
      log.push({ seq, messageId, key: keyOfData(data), sender: senderId });
    // A page that is empty though more are said to follow would be asked for again and again.
    if (!hasMore || messages.length === 0) return log;
  }
}

/** As a mobile device, which gets everything. It acknowledges nothing. */
async function readInbox({ app, url }: LogSource, user: string, after: number): Promise<LogEntry[]> {
  const stream = `i:${user}`;
  const log: LogEntry[] = [];
  const link = await openSoon(url, app.key);
  const { promise: isComplete, resolve } = Promise.withResolvers<undefined>();
  let upTo: number | undefined;
  const look = (): void => {
    if (upTo !== undefined && (log.at(-1)?.seq ?? after) >= upTo) resolve(undefined);
  };
  link.onEvent = ({ action, stream: from, seq, data }) => {
    if (from !== stream || seq === undefined) return;
    const entry = { seq, messageId: String(data['messageId']), key: keyOfData(data) };
    log.push(action === 'mobile_notification' ? { ...entry, mobileOnly: true } : entry);
    look();
  };
  try {
    const { ok, data } = await link.ask('connect', {
      token: tokenOf(app, user),
      page: '/chat',
      device: { id: `auditor-of-${user}`, type: 'mobile' },
      visible: false,
      resume: [{ stream, epoch: 'e1', seq: after }],
    });
    if (!ok) throw new Error(`the inbox of ${user} cannot be read`);
    upTo = (data['resumed'] as { to: number }[])[0]?.to ?? 0;
    look();
    await Promise.race([isComplete, link.closed, sleep(patienceMs, undefined, { ref: false })]);
    return log;
  } finally {
    link.end();
    await link.closed;
  }
}

/** A machine that is busy with everything else may let handshakes time out, and a node refuse them. */
async function openSoon(url: string, app: string): Promise<Link> {
  for (let left = mostTries; ; left -= 1) {
    try {
      return await Link.open(url, app);
    } catch (error) {
      if (left <= 1) throw error;
      await sleep(againMs);
    }
  }
}

interface Message {
  seq: number;
  messageId: string;
  senderId: string;
}
