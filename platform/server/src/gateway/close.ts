// Ends a WebSocket with a code and reason of the table. Why it ends is the caller's business.
import { closeCodes, type CloseName } from '@belfry/protocol';
import type { WebSocket } from 'ws';

/**
 * A client may take this long to answer the close; then its socket is destroyed. Given to ws, which keeps the
 * time.
 */
export const closeAnswerMs = 2000;

export function closeSocket(ws: WebSocket, name: CloseName): void {
  const { code, reason } = closeCodes[name];
  ws.close(code, reason);
  // A paused socket would never read the client's answer.
  ws.resume();
}

/**
 * The code with which ws closes a connection whose bytes are not WebSocket, found by the `code` of the error
 * it emits.
 */
export function closeNameOfTransportError(error: Error): CloseName | undefined {
  if (!('code' in error) || typeof error.code !== 'string' || !error.code.startsWith('WS_ERR_')) return undefined;
  return transportErrors.get(error.code) ?? 'protocol_error';
}

const transportErrors: ReadonlyMap<string, CloseName> = new Map([
  ['WS_ERR_INVALID_UTF8', 'invalid_utf8'],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'policy'],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', 'too_big'],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'too_big'],
]);
