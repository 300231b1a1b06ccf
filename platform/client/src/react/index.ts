// What a React application imports. Only re-exports.
export { BelfryProvider, useBelfry } from './belfry-provider.tsx';
export { useWebSocketByPage, type WebSocketByPage } from './use-web-socket-by-page.ts';
export { WebSocketStatus, type WebSocketStatusProps } from './web-socket-status.tsx';
