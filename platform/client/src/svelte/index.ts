// The entry point of a Svelte application. Only re-exports.
import './status-element.ts';

export { useChat, useConversation, useObservable, usePins, useReplies, type Current } from './chat.ts';
export { provideBelfry, useBelfry, useWebSocketByPage, WebSocketByPage } from './web-socket-by-page.ts';
