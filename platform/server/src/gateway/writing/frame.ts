// Makes the WebSocket frame of an encoded text: once, however many sockets get it. Reading frames is ws's business.
import type { Encoded } from '../../sessions/encoded.ts';

// RFC 6455, 5.2: FIN and opcode 1. A server's frames are not masked, so all sockets can share the bytes.
const finalText = 0x81;

export function frameOf(encoded: Encoded): Buffer {
  return (encoded.frame ??= buildTextFrame(encoded.payload));
}

function buildTextFrame(payload: Buffer): Buffer {
  const { length } = payload;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = finalText;
  if (headerBytes === 2) frame[1] = length;
  else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, headerBytes);
  return frame;
}
