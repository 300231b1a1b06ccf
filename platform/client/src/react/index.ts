// The entry point of a React application. Only re-exports.
export { BelfryProvider, useBelfry } from './belfry-provider.tsx';
export { useChat, useConversation, usePins, useReplies } from './use-chat.ts';
export { useObservable } from './use-observable.ts';
export { useWebSocketByPage, type WebSocketByPage } from './use-web-socket-by-page.ts';
export { WebSocketStatus, type WebSocketStatusProps } from './web-socket-status.tsx';
