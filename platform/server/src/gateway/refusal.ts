// Answers an upgrade that is refused, as a small HTTP response, and hangs up. Whether to refuse: upgrade.ts.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BelfryError, type ErrorCode } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { RefusedReason } from '../sessions/refused-clients.ts';

export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For who runs the server, where it is something that was configured. */
  readonly reason?: RefusedReason;
}

export function refuse(socket: Duplex, { status, code, message, headers }: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const problem = { ...new BelfryError(code, { message }).toProblem(uuidv7()), status };
  const body = JSON.stringify(problem);
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
