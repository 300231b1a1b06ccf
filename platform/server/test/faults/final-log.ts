// Reads the logs as they are: conversations over HTTP, inboxes as a client that resumes from the beginning. Judges nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import type { BackEnd } from './back-end.ts';
import type { LogEntry, StreamRecord } from './history.ts';
import { Link } from './link.ts';
import { keyOfData } from './participant.ts';
import { conversationsOf, inboxesOf, tokenOf, type App } from './setting.ts';

const pageSize = 100;
const patienceMs = 15_000;

export async function readLogs(app: App, backEnd: BackEnd, url: string): Promise<StreamRecord[]> {
  const conversations = conversationsOf(app).map(async ({ id, stream, users }): Promise<StreamRecord> => ({
    app: app.key,
    stream,
    members: users,
    log: await readConversation(backEnd, id),
  }));
  const inboxes = inboxesOf(app).map(async (user): Promise<StreamRecord> => ({
    app: app.key,
    stream: `i:${user}`,
    members: [user],
    log: await readInbox({ app, user, url }),
  }));
  return await Promise.all([...conversations, ...inboxes]);
}

async function readConversation(backEnd: BackEnd, id: string): Promise<LogEntry[]> {
  const log: LogEntry[] = [];
  for (;;) {
    const after = log.at(-1)?.seq ?? 0;
    const page = await backEnd.read(`/conversations/${id}/messages?afterSeq=${after}&limit=${pageSize}`);
    const { messages, hasMore } = page as unknown as { messages: Message[]; hasMore: boolean };
    for (const { seq, messageId, senderId, ...data } of messages)
      log.push({ seq, messageId, key: keyOfData(data), sender: senderId });
    // A page that is empty though more are said to follow would be asked for again and again.
    if (!hasMore || messages.length === 0) return log;
  }
}

/** As a mobile device, which is told of everything. It acknowledges nothing. */
async function readInbox({ app, user, url }: { app: App; user: string; url: string }): Promise<LogEntry[]> {
  const stream = `i:${user}`;
  const log: LogEntry[] = [];
  const link = await Link.open(url, app.key);
  const { promise: isComplete, resolve } = Promise.withResolvers<undefined>();
  let upTo: number | undefined;
  const look = (): void => {
    if (upTo !== undefined && (log.at(-1)?.seq ?? 0) >= upTo) resolve(undefined);
  };
  link.onEvent = ({ action, stream: from, seq, data }) => {
    if (from !== stream || seq === undefined) return;
    const isForMobile = action === 'mobile_notification';
    const entry = { seq, messageId: String(data['messageId']), key: keyOfData(data) };
    log.push(isForMobile ? { ...entry, mobileOnly: true } : entry);
    look();
  };
  try {
    const { ok, data } = await link.ask('connect', {
      token: tokenOf(app, user),
      page: '/chat',
      device: { id: `auditor-of-${user}`, type: 'mobile' },
      visible: false,
      resume: [{ stream, epoch: 'e1', seq: 0 }],
    });
    if (!ok) throw new Error(`the inbox of ${user} cannot be read`);
    upTo = (data['resumed'] as { to: number }[])[0]?.to ?? 0;
    look();
    // What does not come by then is missing, and the checker says so.
    await Promise.race([isComplete, link.closed, sleep(patienceMs, undefined, { ref: false })]);
    return log;
  } finally {
    link.end();
    await link.closed;
  }
}

interface Message {
  seq: number;
  messageId: string;
  senderId: string;
}
