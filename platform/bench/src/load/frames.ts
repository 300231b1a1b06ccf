// WebSocket frames as cheaply as they can be made and found: whole text frames out, whole frames in. Their
// content: the dialects.

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/**
 * A masked frame, as the protocol wants it of clients. The mask is zero, which is a legal mask and leaves the
 * bytes as they are: the server's work is the same, and the generator saves its own.
 */
export function frameOf(text: string, opcode: number = opcodes.text): Buffer {
  const length = Buffer.byteLength(text);
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(headBytes + 4 + length);
  frame[0] = 0x80 | opcode;
  if (headBytes === 2) frame[1] = 0x80 | length;
  else if (headBytes === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headBytes + 4);
  return frame;
}

/** Called for every whole frame: its opcode, and where in `bytes` its payload is. */
export type OnFrame = (opcode: number, bytes: Buffer, at: { start: number; end: number }) => void;

/** Finds the whole frames in the bytes read, and keeps the beginning of an incomplete one. */
export class FrameReader {
  #rest: Buffer | undefined;
  // One object for all frames of the process would be shared by nested calls; one a reader costs nothing and
  // is not.
  readonly #at = { start: 0, end: 0 };

  /**
   * The first `length` bytes of `chunk`, which the caller may use again afterwards. `onEnd` is called after
   * the last frame, while its bytes stand.
   */
  read(chunk: Buffer, length: number, { onFrame, onEnd }: { onFrame: OnFrame; onEnd: (bytes: Buffer) => void }): void {
    const fresh = chunk.subarray(0, length);
    const bytes = this.#rest === undefined ? fresh : Buffer.concat([this.#rest, fresh]);
    let position = 0;
    for (;;) {
      const left = bytes.length - position;
      if (left < 2) break;
      const short = (bytes[position + 1] ?? 0) & 0x7f;
      const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (left < headBytes) break;
      const size = short < 126 ? short : sizeOf(bytes, position + 2, short);
      if (left < headBytes + size) break;
      this.#at.start = position + headBytes;
      this.#at.end = position + headBytes + size;
      const opcode = (bytes[position] ?? 0) & 0x0f;
      position += headBytes + size;
      onFrame(opcode, bytes, this.#at);
    }
    onEnd(bytes);
    this.#rest = position === bytes.length ? undefined : Buffer.from(bytes.subarray(position));
  }
}

function sizeOf(bytes: Buffer, at: number, short: number): number {
  return short === 126 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at));
}
