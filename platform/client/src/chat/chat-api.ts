// The HTTP API of chat as functions, with the user's token. What is held and shown of it: chat-state.ts.
import type {
  CommandAnswer,
  Conversation,
  Device,
  DeviceBody,
  JsonObject,
  Message,
  Preferences,
  PreferencesChange,
  SendAnswer,
  SendBody,
  Upload,
} from '@belfry/protocol';
import { queryOf } from '../http.ts';
import type { Belfry } from '../types.ts';

export type ConversationPage = CommandAnswer<'conversations'>;
export type ConversationEntry = ConversationPage['conversations'][number];
export type MessagePage = CommandAnswer<'history'>;
export type Participant = Conversation['participants'][number];

/** Every call rejects with a `CommandError`. */
export interface ChatApi {
  /**
   * Newest activity first. `limit` 1 to 100, 50 unless said. With `conversationIds` (up to 100) these alone, in
   * one page, less those that the user is not in.
   */
  conversations(query?: {
    cursor?: string;
    limit?: number;
    conversationIds?: readonly string[];
  }): Promise<ConversationPage>;
  conversation(id: string): Promise<Conversation>;
  participants(id: string): Promise<Participant[]>;
  /** Oldest first; without bounds the newest. `limit` 1 to 100, 50 unless said. */
  messages(id: string, query?: SeqQuery): Promise<MessagePage>;
  /** The pinned ones, likewise. */
  pins(id: string, query?: SeqQuery): Promise<MessagePage>;
  /** The answers to a message, likewise. */
  replies(messageId: string, query?: SeqQuery): Promise<MessagePage>;
  /**
   * Newest first, of all conversations that the user is in. A page may be short and have a `nextCursor`. `from` and
   * `to` are ISO 8601.
   */
  search(query: SearchQuery): Promise<{ messages: Message[]; nextCursor?: string }>;
  /** At once and once; what shall wait for a connection goes through `belfry.send`. */
  send(id: string, body: Omit<SendBody, 'senderId'>): Promise<SendAnswer>;
  edit(messageId: string, content: JsonObject): Promise<Message>;
  remove(messageId: string): Promise<Message>;
  react(messageId: string, reaction: string): Promise<Message>;
  unreact(messageId: string, reaction: string): Promise<Message>;
  pin(messageId: string): Promise<Message>;
  unpin(messageId: string): Promise<Message>;
  /** How far the user has read now. */
  read(id: string, seq: number): Promise<number>;
  /** Without progress; with it: the feature `uploads`. */
  upload(file: Blob, options?: { name?: string; signal?: AbortSignal }): Promise<Upload>;
  /** With a link that is good for some minutes. */
  uploaded(uploadId: string): Promise<Upload>;
  removeUpload(uploadId: string): Promise<void>;
  devices(): Promise<Device[]>;
  registerDevice(device: Omit<DeviceBody, 'userId'>): Promise<Device>;
  removeDevice(deviceId: string): Promise<void>;
  preferences(): Promise<Preferences>;
  changePreferences(change: PreferencesChange): Promise<Preferences>;
}

export interface SeqQuery {
  beforeSeq?: number;
  afterSeq?: number;
  limit?: number;
}

export interface SearchQuery {
  q?: string;
  conversationId?: string;
  senderId?: string;
  from?: string;
  to?: string;
  cursor?: string;
  limit?: number;
}

interface ParticipantPage {
  participants: Participant[];
  nextCursor?: string;
}

export function createChatApi({ http }: Pick<Belfry, 'http'>): ChatApi {
  return {
    conversations: ({ conversationIds, ...query } = {}) =>
      http(
        `/conversations${queryOf({ ...query, ...(conversationIds && { conversationIds: conversationIds.join() }) })}`,
      ),
    conversation: async (id) => (await http<{ conversation: Conversation }>(`/conversations/${id}`)).conversation,
    async participants(id) {
      const all: Participant[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const query = cursor === '' ? '' : queryOf({ cursor });
        const page: ParticipantPage = await http(`/conversations/${id}/participants${query}`);
        all.push(...page.participants);
        cursor = page.nextCursor;
      }
      return all;
    },
    messages: (id, query) => http(`/conversations/${id}/messages${queryOf({ ...query })}`),
    pins: (id, query) => http(`/conversations/${id}/pins${queryOf({ ...query })}`),
    replies: (id, query) => http(`/messages/${id}/replies${queryOf({ ...query })}`),
    search: (query) => http(`/messages/search${queryOf({ ...query })}`),
    send: (id, body) => http(`/chat/${id}/send`, { body }),
    edit: async (id, content) => await changedMessage(`/messages/${id}`, { method: 'PATCH', body: { content } }),
    remove: async (id) => await changedMessage(`/messages/${id}`, { method: 'DELETE' }),
    react: async (id, reaction) => await changedMessage(reactionPath(id, reaction), { method: 'PUT' }),
    unreact: async (id, reaction) => await changedMessage(reactionPath(id, reaction), { method: 'DELETE' }),
    pin: async (id) => await changedMessage(`/messages/${id}/pin`, { method: 'PUT' }),
    unpin: async (id) => await changedMessage(`/messages/${id}/pin`, { method: 'DELETE' }),
    read: async (id, seq) => (await http<{ seq: number }>(`/conversations/${id}/read`, { body: { seq } })).seq,
    upload(file, { name, signal } = {}) {
      const body = new FormData();
      body.append('file', file, ...(name === undefined ? [] : [name]));
      return http('/uploads', { body, ...(signal && { signal }) });
    },
    uploaded: (id) => http(`/uploads/${id}`),
    removeUpload: (id) => http(`/uploads/${id}`, { method: 'DELETE' }),
    devices: async () => (await http<{ devices: Device[] }>('/devices')).devices,
    registerDevice: (body) => http('/devices', { body }),
    removeDevice: (id) => http(`/devices/${id}`, { method: 'DELETE' }),
    preferences: () => http('/preferences'),
    changePreferences: (body) => http('/preferences', { method: 'PUT', body }),
  };

  async function changedMessage(path: string, init: { method: string; body?: unknown }): Promise<Message> {
    return (await http<{ message: Message }>(path, init)).message;
  }
}

function reactionPath(messageId: string, reaction: string): string {
  return `/messages/${messageId}/reactions/${encodeURIComponent(reaction)}`;
}
