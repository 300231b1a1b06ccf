// Records for tests, whole and valid, of which a test says only what matters to it. Not fixtures shared
// between tests: each call makes new ones.

import { randomUUID } from 'node:crypto';
import { asAppId } from '../../src/ports/app-id.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import type { ConnectionRecord } from '../../src/ports/presence.ts';
import type {
  AppRecord,
  Conversation,
  Device,
  HookDelivery,
  HookRecord,
  WebhookEventRecord,
  WebhookRecord,
  PageVersion,
  StoredMessage,
} from '../../src/ports/stores/index.ts';

/** An app that no other test has touched. */
export function newApp(): AppId {
  return asAppId(`app-${randomUUID()}`);
}

export function sampleMessage(given: Partial<StoredMessage> & { seq: number }): StoredMessage {
  const { seq } = given;
  return {
    id: randomUUID(),
    stream: 'c:c1',
    senderId: 'alice',
    cid: `cid-${seq}`,
    bodyHash: `hash-${seq}`,
    kind: 'message',
    action: 'new_message',
    data: { senderId: 'alice', type: 'text', content: { text: `text ${seq}` } },
    policy: {
      realtime: 'all',
      push: 'undelivered',
      pushTo: 'all',
      ttlSeconds: 86_400,
      priority: 'normal',
      respectPreferences: true,
    },
    storedAt: 1000 + seq,
    ...given,
  };
}

/** Messages with the seqs `from` to `to`. */
export function sampleMessages(from: number, to: number, given: Partial<StoredMessage> = {}): StoredMessage[] {
  return Array.from({ length: to - from + 1 }, (_, index) => sampleMessage({ ...given, seq: from + index }));
}

export function sampleApp(given: Partial<AppRecord> = {}): AppRecord {
  return {
    app: newApp(),
    tenantId: 'tenant',
    name: 'Demo',
    disabled: false,
    allowedOrigins: ['*'],
    signingSecrets: [{ kid: 'k1', secret: 'sealed', createdAt: 1 }],
    settings: { waitMs: 5000, deliveredMeans: 'visible', retentionMs: 0, journeyRetentionMs: 1000 },
    limits: { connections: 100, requestsPerMinute: 600 },
    managed: false,
    createdAt: 1,
    updatedAt: 1,
    ...given,
  };
}

export function sampleConversation(given: Partial<Conversation> = {}): Conversation {
  return { id: 'c1', epoch: 'e1', version: 1, createdAt: 1000, ...given };
}

export function sampleDevice(given: Partial<Device> = {}): Device {
  return {
    id: randomUUID(),
    userId: 'alice',
    provider: 'hook',
    target: { token: 't1' },
    targetHash: 'hash-t1',
    deviceType: 'mobile',
    createdAt: 1000,
    updatedAt: 1000,
    ...given,
  };
}

export function sampleHook(given: Partial<HookRecord> = {}): HookRecord {
  return {
    id: 'lab',
    version: 1,
    mapping: '$',
    enabled: true,
    managed: false,
    secrets: [{ secret: 'sealed', createdAt: 1000 }],
    createdAt: 1000,
    updatedAt: 1000,
    ...given,
  };
}

export function sampleHookDelivery(given: Partial<HookDelivery> = {}): HookDelivery {
  return {
    id: randomUUID(),
    hookId: 'lab',
    webhookId: 'evt_1',
    receivedAt: 1000,
    outcome: 'accepted',
    payloadBytes: 2,
    payload: '{}',
    ...given,
  };
}

export function sampleWebhook(given: Partial<WebhookRecord> = {}): WebhookRecord {
  return {
    ...{ id: 'crm', version: 1, url: 'https://crm.example.com/in', events: ['*'], ordered: false, state: 'active' },
    ...{ managed: false, secrets: [{ secret: 'sealed', createdAt: 1000 }] },
    ...{ createdAt: 1000, updatedAt: 1000, updatedBy: 'test' },
    ...given,
  };
}

export function sampleWebhookEvent(given: Partial<WebhookEventRecord> = {}): WebhookEventRecord {
  const id = given.id ?? randomUUID();
  return {
    ...{ id, webhookId: 'crm', place: id, type: 'message.stored', createdAt: 1000, state: 'waiting', dueAt: 1000 },
    ...{ tries: 0, attempts: [], payload: '{}' },
    ...given,
  };
}

export function samplePage(pattern: string, version: number, removed = false): PageVersion {
  return {
    policy: {
      pattern,
      version,
      enabled: true,
      requireAuth: true,
      autoConnect: true,
      connectionType: 'chat',
      features: ['messaging'],
      updatedAt: '2026-01-01T00:00:00.000Z',
      updatedBy: 'test',
    },
    removed,
  };
}

export function sampleConnection(given: Partial<ConnectionRecord> = {}): ConnectionRecord {
  return {
    connectionId: randomUUID(),
    userId: 'alice',
    deviceId: 'd1',
    deviceType: 'desktop',
    page: '/chat',
    pattern: '/chat',
    connectionType: 'chat',
    features: ['messaging'],
    visible: true,
    attended: true,
    node: 'n1',
    connectedAt: '2026-01-01T00:00:00.000Z',
    ...given,
  };
}
