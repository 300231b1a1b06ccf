// The entry point `@belfry/client/chat`: conversations, messages, features. Only re-exports.
export { loadFeatures } from '../features/load-features.ts';
export { createChatApi } from './chat-api.ts';
export { createChat } from './chat-state.ts';
export { fromEvent, fromQueued, fromStored } from './message-adapter.ts';
export type { FeatureLoader, Features } from '../features/load-features.ts';
export type { Presence, PresenceSnapshot } from '../features/presence.ts';
export type { LiveStats, Stats } from '../features/stats.ts';
export type { Typing, TypingSnapshot } from '../features/typing.ts';
export type { UploadTask } from '../features/upload-tasks.ts';
export type { FileOptions, Uploads } from '../features/uploads.ts';
export type { Recording, RecordingSnapshot, VoiceNote, VoiceNotes } from '../features/voice-notes.ts';
export type { Observable } from '../observable.ts';
export type { ChatApi, ConversationEntry, ConversationPage, MessagePage, Participant } from './chat-api.ts';
export type { Chat, ChatSnapshot } from './chat-state.ts';
export type { ConversationItem } from './conversation-list.ts';
export type { Conversation, ConversationSnapshot } from './conversation.ts';
export type { ChatMessage } from './message-adapter.ts';
