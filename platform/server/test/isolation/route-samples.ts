// For every route a request that names something of the victim's, and what others get for it. A route without
// a row here fails route-isolation.test.ts.

import type { Victim } from './victim.ts';

/**
 * The answer to another app's key. `refused`: 400 to 409, nothing else. `own`: it may succeed, in its own
 * app, which has none of the victim's things.
 */
export type Foreign = 'refused' | 'own';

export interface RouteSample {
  /** Of the path's parameters; `id` and the like. */
  params?: (victim: Victim) => Record<string, string>;
  query?: (victim: Victim) => string;
  body?: (victim: Victim) => unknown;
  foreign: Foreign;
  /**
   * The answer to a user of the victim's app who has no part in it. Only where user tokens are taken at all.
   */
  stranger?: Foreign;
  /** Texts that the answer may not hold beside the victim's. */
  never?: RegExp;
}

const text = { type: 'text', content: { text: 'from elsewhere' } };
const conversation = { params: ({ conversation: id }: Victim) => ({ id }) };
const participant = { params: ({ conversation: id, user: userId }: Victim) => ({ id, userId }) };
const message = { params: ({ message: id }: Victim) => ({ id }) };
const reaction = { params: ({ message: id }: Victim) => ({ id, reaction: encodeURIComponent('👀') }) };
const asTheUser = ({ user: userId }: Victim) => `userId=${userId}`;
const device = { params: ({ device: id }: Victim) => ({ id }) };
const user = { params: ({ user: id }: Victim) => ({ id }) };
const hook = { params: ({ hook: id }: Victim) => ({ id }) };
const webhook = { params: () => ({ id: 'crm' }) };
const webhookEvent = { params: ({ webhookEvent: eventId }: Victim) => ({ id: 'crm', eventId }) };
const delivery = { params: ({ hook: id, delivery: deliveryId }: Victim) => ({ id, deliveryId }) };
const upload = { params: ({ upload: id }: Victim) => ({ id }) };
const deadLetter = { params: ({ deadLetter: id }: Victim) => ({ id }) };
const toConversation = (victim: Victim) => ({
  kind: 'message',
  sender: 'victor',
  audience: { conversation: victim.conversation },
  data: text,
});
const toUser = ({ user: userId }: Victim) => ({
  kind: 'direct',
  audience: { users: [userId] },
  data: { title: 'from elsewhere', body: 'x' },
});
const page = { enabled: false, requireAuth: false, autoConnect: false, connectionType: 'x', features: [] };
const preferences = { level: 'none' };

/** By method and path, as the route table has them. */
export const routeSamples: Readonly<Record<string, readonly RouteSample[]>> = {
  'POST /conversations': [{ body: () => ({ participants: ['vera'] }), foreign: 'own', never: /quiet/ }],
  'PATCH /conversations/{id}': [{ ...conversation, body: () => ({ title: 'mine' }), foreign: 'refused' }],
  'POST /conversations/{id}/participants': [
    { ...conversation, body: () => ({ participants: ['mallory'] }), foreign: 'refused' },
  ],
  'PATCH /conversations/{id}/participants/{userId}': [
    { ...participant, body: () => ({ role: 'owner' }), foreign: 'refused' },
  ],
  'POST /conversations/{id}/messages': [
    {
      ...conversation,
      body: ({ user: senderId }) => ({ senderId, ...text }),
      foreign: 'refused',
      stranger: 'refused',
    },
    { ...conversation, body: () => text, foreign: 'refused', stranger: 'refused' },
  ],
  'GET /messages/search': [
    { query: () => 'q=top', foreign: 'own', stranger: 'own', never: /messageId/ },
    { query: ({ conversation: id }) => `q=top&conversationId=${id}`, foreign: 'refused', stranger: 'refused' },
    { query: ({ user: userId }) => `userId=${userId}`, foreign: 'own', stranger: 'refused', never: /messageId/ },
  ],
  'GET /messages/{id}': [{ ...message, foreign: 'refused', stranger: 'refused' }],
  'PUT /conversations/{id}': [
    { params: ({ quietConversation: id }) => ({ id }), body: () => ({ title: 'mine' }), foreign: 'own' },
  ],
  'GET /conversations/{id}': [{ ...conversation, foreign: 'refused', stranger: 'refused' }],
  'GET /conversations': [
    { foreign: 'own', stranger: 'own' },
    { query: ({ cursor }) => `cursor=${cursor}`, foreign: 'refused', stranger: 'refused' },
    { query: ({ user: userId }) => `userId=${userId}`, foreign: 'own', stranger: 'refused' },
  ],
  'DELETE /conversations/{id}': [{ ...conversation, foreign: 'refused' }],
  'GET /conversations/{id}/participants': [{ ...conversation, foreign: 'refused', stranger: 'refused' }],
  'PUT /conversations/{id}/participants/{userId}': [
    { ...participant, body: () => ({ role: 'owner' }), foreign: 'refused' },
  ],
  'DELETE /conversations/{id}/participants/{userId}': [{ ...participant, foreign: 'refused' }],
  'POST /chat/{conversationId}/send': [
    {
      params: ({ conversation: conversationId }) => ({ conversationId }),
      body: ({ user: senderId }) => ({ senderId, ...text }),
      foreign: 'refused',
      stranger: 'refused',
    },
    {
      params: ({ conversation: conversationId }) => ({ conversationId }),
      body: () => text,
      foreign: 'refused',
      stranger: 'refused',
    },
  ],
  'GET /conversations/{id}/messages': [{ ...conversation, foreign: 'refused', stranger: 'refused' }],
  'GET /inbox/messages': [{ query: ({ user: userId }) => `userId=${userId}`, foreign: 'own', stranger: 'refused' }],
  'POST /conversations/{id}/read': [
    { ...conversation, body: ({ user: userId }) => ({ userId, seq: 1 }), foreign: 'refused', stranger: 'refused' },
    { ...conversation, body: ({ message: id }) => ({ messageIds: [id] }), foreign: 'refused', stranger: 'refused' },
  ],
  'PATCH /messages/{id}': [
    { ...message, body: () => ({ content: { text: 'x' } }), foreign: 'refused', stranger: 'refused' },
  ],
  'DELETE /messages/{id}': [{ ...message, foreign: 'refused', stranger: 'refused' }],
  'PUT /messages/{id}/reactions/{reaction}': [
    { ...reaction, query: () => 'userId=vera', foreign: 'refused', stranger: 'refused' },
    { ...reaction, foreign: 'refused', stranger: 'refused' },
  ],
  'DELETE /messages/{id}/reactions/{reaction}': [
    { ...reaction, query: asTheUser, foreign: 'refused', stranger: 'refused' },
    { ...reaction, foreign: 'refused', stranger: 'refused' },
  ],
  'PUT /messages/{id}/pin': [
    { ...message, foreign: 'refused', stranger: 'refused' },
    { ...message, query: asTheUser, foreign: 'refused', stranger: 'refused' },
  ],
  'DELETE /messages/{id}/pin': [{ ...message, foreign: 'refused', stranger: 'refused' }],
  'GET /messages/{id}/replies': [{ ...message, foreign: 'refused', stranger: 'refused' }],
  'GET /conversations/{id}/pins': [{ ...conversation, foreign: 'refused', stranger: 'refused' }],
  'GET /messages/{id}/journey': [{ ...message, foreign: 'refused' }],
  'POST /broadcasts': [
    { body: toConversation, foreign: 'refused' },
    { body: toUser, foreign: 'own' },
  ],
  'POST /broadcasts/batch': [
    { body: (victim) => ({ broadcasts: [toConversation(victim), toUser(victim)] }), foreign: 'own' },
  ],
  'POST /broadcasts/explain': [
    { body: toConversation, foreign: 'refused' },
    { body: toUser, foreign: 'own', never: /connectionId|deviceId/ },
  ],
  'POST /simulate': [
    { body: (victim) => ({ requests: [toConversation(victim)] }), foreign: 'own', never: /waiting_for_ack|queued/ },
    { body: () => ({ newest: 50 }), foreign: 'own', never: /messageId/ },
  ],
  'GET /kinds': [{ foreign: 'own', never: /lab_result/ }],
  'DELETE /kinds/{kind}': [{ params: ({ kind }) => ({ kind }), foreign: 'refused' }],
  'PUT /kinds/{kind}': [
    {
      params: () => ({ kind: 'mine' }),
      body: () => ({ action: 'mine', audience: 'users', durable: 'no', policy: { push: 'never' } }),
      foreign: 'own',
    },
  ],
  'GET /hooks': [{ foreign: 'own', never: /lab/ }],
  'GET /hooks/{id}': [{ ...hook, foreign: 'refused' }],
  'PUT /hooks/{id}': [{ ...hook, body: () => ({ mapping: '{}' }), foreign: 'refused' }],
  'DELETE /hooks/{id}': [{ ...hook, foreign: 'refused' }],
  'POST /hooks/{id}/rotate': [{ ...hook, body: () => ({ overlapSeconds: 0 }), foreign: 'refused' }],
  'POST /hooks/{id}/try': [{ ...hook, body: () => ({ payload: {} }), foreign: 'refused' }],
  'GET /hooks/{id}/deliveries': [{ ...hook, foreign: 'refused' }],
  'GET /hooks/{id}/deliveries/{deliveryId}': [{ ...delivery, foreign: 'refused' }],
  'POST /hooks/{id}/deliveries/{deliveryId}/replay': [{ ...delivery, foreign: 'refused' }],
  'GET /webhooks': [{ foreign: 'own', never: /crm/ }],
  'GET /webhooks/{id}': [{ ...webhook, foreign: 'refused' }],
  'PUT /webhooks/{id}': [{ ...webhook, body: () => ({ url: 'https://x.example.com', events: ['*'] }), foreign: 'own' }],
  'POST /webhooks/{id}/rotate': [{ ...webhook, body: () => ({ overlapSeconds: 0 }), foreign: 'own' }],
  'POST /webhooks/{id}/pause': [{ ...webhook, foreign: 'own' }],
  'POST /webhooks/{id}/resume': [{ ...webhook, foreign: 'own' }],
  'POST /webhooks/{id}/test': [{ params: () => ({ id: 'none' }), foreign: 'refused' }],
  'POST /webhooks/{id}/replay': [{ ...webhook, body: () => ({ state: 'delivered' }), foreign: 'own' }],
  'GET /webhooks/{id}/events': [{ ...webhook, foreign: 'own' }],
  'GET /webhooks/{id}/events/{eventId}': [{ ...webhookEvent, foreign: 'refused' }],
  'POST /webhooks/{id}/events/{eventId}/replay': [{ ...webhookEvent, foreign: 'refused' }],
  'DELETE /webhooks/{id}': [{ ...webhook, foreign: 'own' }],
  'POST /uploads': [{ foreign: 'refused', stranger: 'refused' }],
  'GET /uploads/{id}': [{ ...upload, foreign: 'refused', stranger: 'refused' }],
  'DELETE /uploads/{id}': [{ ...upload, foreign: 'refused', stranger: 'refused' }],
  'POST /devices': [
    {
      body: ({ user: userId, provider }) => ({ userId, provider, target: { id: 'mine' }, deviceType: 'mobile' }),
      foreign: 'refused',
      stranger: 'refused',
    },
  ],
  'GET /devices': [{ query: () => 'userId=vera', foreign: 'own', stranger: 'refused', never: /deviceId/ }],
  'GET /devices/{id}': [{ ...device, foreign: 'refused', stranger: 'refused' }],
  'POST /devices/{id}/renew': [
    { ...device, body: () => ({ credential: 'none of theirs', target: { id: 'elsewhere' } }), foreign: 'refused' },
  ],
  'DELETE /devices/{id}': [{ ...device, foreign: 'refused', stranger: 'refused' }],
  'GET /providers': [{ foreign: 'own', never: /hook/ }],
  'POST /providers/{id}/resume': [{ params: ({ provider: id }) => ({ id }), foreign: 'refused' }],
  'GET /users/{id}/preferences': [{ ...user, foreign: 'own' }],
  'PUT /users/{id}/preferences': [{ ...user, body: () => preferences, foreign: 'own' }],
  'GET /preferences': [{ foreign: 'own', stranger: 'own' }],
  'PUT /preferences': [{ body: () => preferences, foreign: 'own' }],
  'GET /push/providers': [
    { foreign: 'own', never: /"hook"/ },
    { foreign: 'own', stranger: 'own' },
  ],
  'POST /push/opened': [{ body: () => ({ token: 'bm90IG9uZSBvZiBvdXJz' }), foreign: 'refused' }],
  'GET /push/queue': [{ foreign: 'own', never: /"(?:dead|done|waiting)":[1-9]/ }],
  'GET /push/dead': [
    { foreign: 'own', never: /"id"/ },
    { query: ({ cursor }) => `cursor=${cursor}`, foreign: 'refused' },
  ],
  'POST /push/dead/replay': [{ body: ({ provider }) => ({ provider }), foreign: 'own', never: /"replayed":[1-9]/ }],
  'POST /push/dead/{id}/replay': [{ ...deadLetter, foreign: 'refused' }],
  'DELETE /push/dead/{id}': [{ ...deadLetter, foreign: 'refused' }],
  'GET /users': [
    { foreign: 'own', never: /victor/ },
    { query: ({ userCursor }) => `cursor=${userCursor}`, foreign: 'refused' },
  ],
  'GET /users/{id}': [{ ...user, foreign: 'own', stranger: 'refused' }],
  'PUT /users/{id}': [{ ...user, body: () => ({ name: 'from elsewhere' }), foreign: 'own' }],
  'PATCH /users/{id}': [{ ...user, body: () => ({ name: 'from elsewhere' }), foreign: 'own', stranger: 'refused' }],
  'DELETE /users/{id}': [{ ...user, foreign: 'own' }],
  'GET /users/{id}/erasure': [{ params: () => ({ id: 'erased-one' }), foreign: 'refused' }],
  'GET /users/{id}/unread': [{ ...user, foreign: 'own', stranger: 'refused', never: /c-victim|c-second/ }],
  'GET /users/{id}/connections': [{ ...user, foreign: 'own', stranger: 'refused', never: /connectionId/ }],
  'GET /users/{id}/devices': [{ ...user, foreign: 'own', stranger: 'refused', never: /connectionId/ }],
  'GET /connections': [
    { foreign: 'own', never: /victor/ },
    { query: ({ cursor }) => `cursor=${cursor}`, foreign: 'refused' },
  ],
  'DELETE /connections/{id}': [{ params: ({ connection: id }) => ({ id }), foreign: 'refused' }],
  'GET /presence': [
    { query: ({ user: userId }) => `userIds=${userId}`, foreign: 'own', never: /"online":true|lastSeenAt/ },
  ],
  'POST /tokens': [{ body: ({ user: userId }) => ({ userId }), foreign: 'own' }],
  'POST /users/{id}/sign-out': [{ ...user, foreign: 'own', stranger: 'refused', never: /"closed":[1-9]/ }],
  'GET /pages': [{ query: () => 'app=demo', foreign: 'refused' }],
  'PUT /pages': [{ body: () => ({ pattern: '/elsewhere', ...page }), foreign: 'own' }],
  'DELETE /pages': [{ query: ({ pattern }) => `pattern=${pattern}`, foreign: 'refused' }],
  'GET /pages/history': [{ query: ({ pattern }) => `pattern=${pattern}`, foreign: 'refused' }],
  'POST /pages/revert': [{ body: ({ pattern }) => ({ pattern, version: 1 }), foreign: 'refused' }],
};
