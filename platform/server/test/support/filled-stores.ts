// Stores with every kind of record in them, and all that they answer of it. Whether two engines answer the
// same is the test's business.

import type { AppId } from '../../src/ports/app-id.ts';
import type { Stores } from '../../src/ports/stores/index.ts';
import type { StoredMessage } from '../../src/ports/stores/messages.ts';
import { sampleAccount, sampleLink } from '../contracts/stores/accounts.contract.ts';
import { sampleAuditEntry } from '../contracts/stores/audit.contract.ts';
import { samples, seed, type Sample, type ScopedStore } from '../contracts/stores/isolation-samples.ts';
import { newApp, sampleApp, sampleConversation, sampleMessage, sampleMessages, samplePage } from './samples.ts';

/** Every record that there can be, in two apps, with ids that each place spells in its own way. */
export async function fillStores(stores: Stores): Promise<AppId[]> {
  const apps = [newApp(), newApp()];
  const nowMs = Date.now();
  await stores.installation.setOnce('secret_canary', 'sealed');
  await stores.tenancy.putTenant({ id: 'clinic', name: 'Clinic', managed: true, createdAt: 1 });
  await fillAccounts(stores);
  for (const app of apps) {
    await stores.tenancy.putApp(sampleApp({ app, tenantId: 'clinic' }), 0);
    await stores.tenancy.putApp(sampleApp({ app, tenantId: 'clinic', name: 'Renamed' }), 1);
    await stores.tenancy.putApiKey(
      { app, id: 'k', hash: `h-${app}`, hint: 'bk_', scopes: ['*'], managed: false, createdAt: 1 },
      0,
    );
    await seed(stores, app);
    await stores.hookDirectory.claim(`hook-${app}`, app);
    await fillLogs(stores, app, nowMs);
  }
  return apps;
}

/** Each place spells it in its own way. */
export const person = 'auth0|ann "x" smith+1@example.com 🙂';

async function fillAccounts(stores: Stores): Promise<void> {
  await stores.accounts.put(sampleAccount({ id: 'anna', email: 'anna@clinic.example' }), 0);
  await stores.accounts.put(sampleAccount({ id: 'anna', email: 'anna@clinic.example', name: 'Anna Li' }), 1);
  const member = { account: 'anna', role: 'owner', since: 1, version: 1, changedBy: 'Anna', changedAt: 1 } as const;
  const team = { tenantId: 'clinic', members: [member], settingsVersion: 1, changedBy: '', changedAt: 0 };
  await stores.teams.put(team, 0);
  await stores.accountLinks.put(sampleLink({ hash: 'h1', id: 'l1', tenantId: 'clinic' }));
  await stores.accountLinks.put(sampleLink({ hash: 'h2', id: 'l2', kind: 'reset', account: 'anna' }));
  await stores.audit.append(sampleAuditEntry('clinic', { id: 'e1' }));
}

/** A message with a reaction, a pin and a reply. */
async function fillAdditions(stores: Stores, app: AppId, nowMs: number): Promise<void> {
  const answered = await answeredIn(stores, app);
  const at = { stream: 'c:again', seq: answered.seq };
  const limits = { reactionsPerMessage: 9, usersPerReaction: 9 };
  const reaction = { type: 'reaction', reaction: '👍', isOn: true, limits } as const;
  await stores.messages.annotate(app, at, { ...reaction, userId: person, atMs: nowMs + 1 });
  await stores.messages.annotate(app, at, { type: 'pin', isOn: true, by: 'bob', atMs: nowMs + 2 });
  const data = { ...answered.data, replyTo: answered.id };
  const reply = { stream: 'c:again', conversationId: 'again', senderId: 'bob', data, storedAt: nowMs + 500 };
  await stores.messages.append(app, sampleMessages(1201, 1201, reply));
}

async function answeredIn(stores: Stores, app: AppId): Promise<StoredMessage> {
  const [found] = await stores.messages.read(app, 'c:again', { afterSeq: 7, limit: 1 });
  if (found === undefined) throw new Error('nothing has the seq 8');
  return found;
}

async function fillLogs(stores: Stores, app: AppId, nowMs: number): Promise<void> {
  // Removed, and removed and made again.
  for (const id of ['gone', 'again']) {
    await stores.conversations.create(app, sampleConversation({ id }), []);
    await stores.messages.append(app, sampleMessages(1, 2, { stream: `c:${id}`, conversationId: id }));
    await stores.conversations.remove(app, id);
  }
  const metadata = { ward: 7, 'a.b': null, $set: 'x' };
  const about = { userId: person, role: 'patient', joinedAt: 5, metadata };
  await stores.conversations.create(app, sampleConversation({ id: 'again', title: 'Again', metadata }), [about]);
  await stores.messages.append(
    app,
    sampleMessages(1, 1200, { stream: 'c:again', conversationId: 'again', senderId: person }).map((message) => ({
      ...message,
      storedAt: nowMs + Math.floor(message.seq / 3),
      ...(message.seq % 100 === 0 && { targets: [person], exclude: ['bob'] }),
    })),
  );
  await stores.messages.remove(app, { stream: 'c:again', seq: 7 }, { data: {}, deletedAt: nowMs });
  await fillAdditions(stores, app, nowMs);
  const inbox = { stream: `i:${person}`, outbox: { dueAt: nowMs }, contentVersion: 3 };
  const { senderId: _, ...system } = sampleMessage({ seq: 1, ...inbox });
  await stores.messages.append(app, [system]);
  await stores.cursors.start(app, 'c:again', { userIds: [person, 'bob'], seq: 2 });
  const claim = { stream: 'c:again', seq: 1200, through: 1200, userIds: [person], claimId: 'x' } as const;
  await stores.cursors.claim(app, { ...claim, heldBackBy: 'none' });
  await stores.users.merge(app, [
    { userId: person, name: 'Ännchen Größe', avatar: 'https://x', roles: ['a'], lastSeenAt: nowMs, signedOutAt: 1 },
    { userId: 'only-signed-out', signedOutAt: 5 },
  ]);
  await stores.users.putDetails(app, person, { details: { name: 'Doctor Ann', metadata }, ifVersion: 0 });
  await stores.pages.put(app, samplePage('/chat', 2, true));
  const range = { stream: 'c:again', from: 1, to: 9 };
  await stores.journeys.append(
    app,
    Array.from({ length: 30 }, (_unused, at) => ({ type: `t${at}`, at: nowMs, body: '{"x":1}', range })),
  );
  await stores.journeys.append(app, [{ messageId: 'recent', type: 'accepted', at: nowMs, body: '{}' }]);
  const indexed = { kind: 'message', recipients: 2, users: [person, 'bob'], counts: { acked: 2 }, facts: 3 } as const;
  const sums = { seen: 2, pushed: 0, withheld: 0, failed: 0 };
  await stores.journeyIndex.put(app, [{ ...indexed, sums, messageId: 'recent', at: nowMs, senderId: person }]);
  await stores.idempotency.begin(app, { key: 'now', bodyHash: 'h', token: 't', nowMs, leaseMs: 1000, keepMs: 600_000 });
  await stores.idempotency.finish(app, 'now', { ok: true });
  await stores.idempotency.begin(app, {
    key: 'open',
    bodyHash: 'h',
    token: 't2',
    nowMs,
    leaseMs: 1e6,
    keepMs: 600_000,
  });
}

/**
 * What the stores answer of an app. Old journeys and answers are nobody's: an engine may drop them at any
 * moment.
 */
async function everything(stores: Stores, app: AppId): Promise<Record<string, unknown>> {
  const nowMs = Date.now();
  const streams = ['c:again', 'c:gone', 'c:c1', `i:${person}`, 'c:never'];
  const begin = { bodyHash: 'h', token: 'other', nowMs, leaseMs: 1e6, keepMs: 600_000 };
  const { id: replyTo } = await answeredIn(stores, app);
  const seen: Record<string, unknown> = {
    facts: [await stores.installation.get('secret_canary'), await stores.installation.get('log_life')],
    tenants: await stores.tenancy.tenants({ limit: 10 }),
    app: await stores.tenancy.app(app),
    keys: await stores.tenancy.apiKeys(app, { limit: 5 }),
    byHash: await stores.tenancy.apiKeyByHash(`h-${app}`),
    hookId: await stores.hookDirectory.appOf(`hook-${app}`),
    heads: await stores.messages.heads(app, streams),
    logs: await Promise.all(streams.map((stream) => stores.messages.read(app, stream, { limit: 2000 }))),
    changed: await stores.messages.changed(app, 'c:again', {
      ...{ after: { changedAt: 0, seq: 0 }, upToSeq: 2000, limit: 10 },
    }),
    replies: await stores.messages.read(app, 'c:again', { limit: 5, only: { replyTo } }),
    pins: await stores.messages.read(app, 'c:again', { limit: 5, only: { pinned: true } }),
    accounts: [
      await stores.accounts.byEmail('anna@clinic.example'),
      await stores.teams.ofAccount('anna'),
      await stores.accountLinks.get('h1'),
      await stores.accountLinks.get('h2'),
      await stores.audit.list('clinic', { limit: 5 }),
    ],
    found: await stores.messages.search(app, { terms: ['text', '1199'], limit: 5 }),
    newest: (await stores.messages.search(app, { terms: [], limit: 20 })).items.map(({ id }) => id),
    gone: await stores.conversations.get(app, 'gone'),
    again: await stores.conversations.participants(app, 'again'),
    ofPerson: await stores.conversations.ofUser(app, person, { limit: 5 }),
    unread: await stores.messages.countUnread(app, 'bob', [{ stream: 'c:again', afterSeq: 2 }]),
    cursors: await stores.cursors.get(app, 'c:again', [person, 'bob', 'carol']),
    people: await stores.users.get(app, [person, 'only-signed-out']),
    listed: await stores.users.list(app, { limit: 10 }),
    byName: await stores.users.list(app, { q: 'doctor', limit: 10 }),
    byOldName: await stores.users.list(app, { q: 'größe', limit: 10 }),
    journey: await stores.journeys.read(app, { messageId: 'recent', at: [{ stream: 'c:again', seq: 3 }] }),
    indexed: await stores.journeyIndex.list(app, { userId: 'bob', from: nowMs, limit: 5, scan: 5 }),
    kept: [
      await stores.idempotency.begin(app, { ...begin, key: 'now' }),
      await stores.idempotency.begin(app, { ...begin, key: 'open' }),
    ],
    unfinished: await stores.uploads.complete(app, 'u3', { ...unfinished, quotaBytes: -1 }),
  };
  for (const store of Object.keys(samples) as ScopedStore[]) {
    if (store === 'journeys' || store === 'journeyIndex' || store === 'idempotency') continue;
    for (const [method, { mode, args }] of Object.entries<Sample>(samples[store])) {
      if (mode !== 'read') continue;
      const run: unknown = Reflect.get(stores[store], method);
      if (typeof run !== 'function') throw new Error(`there is no ${store}.${method}`);
      seen[`${store}.${method}`] = await Reflect.apply(run, stores[store], [app, ...args()]);
    }
  }
  return seen;
}

const unfinished = { userId: 'alice', name: 'a', type: 'b', bytes: 1, digest: 'd', unusedPerUser: 100 };

/** Places in pages are each engine's own. */
function withoutPlaces(seen: unknown): unknown {
  return JSON.parse(
    JSON.stringify(seen, (key, value: unknown) =>
      key === 'next'
        ? undefined
        : value instanceof Map
          ? [...value].toSorted()
          : value instanceof Set
            ? [...value]
            : value,
    ),
  ) as unknown;
}

/** Of all of these apps. */
export async function answersOf(stores: Stores, apps: readonly AppId[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const app of apps) seen.push(withoutPlaces(await everything(stores, app)));
  return seen;
}
