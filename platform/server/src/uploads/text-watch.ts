// Finds out whether what arrives is text, and in what kind of encoding, byte by byte and without keeping it.
// Which files may be text: content-check.ts.

/**
 * `utf-16`: with its mark. `other`: bytes of an encoding of one country such as GBK or Windows-1252, which no
 * rule tells apart. `none`: there are control characters in it.
 */
export type TextEncoding = 'utf-8' | 'utf-16' | 'other' | 'none';

/** All but tab, line feed, form feed, carriage return and escape. */
const controls = /[\0-\x08\x0B\x0E-\x1A\x1C-\x1F\x7F]/;

class Decoding {
  readonly #decoder;
  isText = true;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  take(chunk?: Uint8Array): void {
    if (!this.isText) return;
    try {
      const text = chunk === undefined ? this.#decoder.decode() : this.#decoder.decode(chunk, { stream: true });
      this.isText = !controls.test(text);
    } catch {
      this.isText = false;
    }
  }
}

export class TextWatch {
  readonly #utf8 = new Decoding('utf-8');
  /** Decodes any bytes: only control characters make it no text. */
  readonly #bytes = new Decoding('latin1');
  #utf16: Decoding | undefined;
  /** The first two bytes, as far as they have come. */
  #mark: number[] | undefined = [];

  take(chunk: Uint8Array): void {
    this.#utf8.take(chunk);
    this.#bytes.take(chunk);
    if (this.#mark === undefined) this.#utf16?.take(chunk);
    else this.#readMark(this.#mark, chunk);
  }

  /** A sequence that was begun must be complete. */
  end(): void {
    this.#utf8.take();
    this.#utf16?.take();
  }

  get encoding(): TextEncoding {
    if (this.#utf8.isText) return 'utf-8';
    if (this.#utf16?.isText === true) return 'utf-16';
    return this.#bytes.isText ? 'other' : 'none';
  }

  #readMark(mark: number[], chunk: Uint8Array): void {
    const missing = 2 - mark.length;
    mark.push(...chunk.subarray(0, missing));
    if (mark.length < 2) return;
    this.#mark = undefined;
    const [first, second] = mark;
    if (first === 0xff && second === 0xfe) this.#utf16 = new Decoding('utf-16le');
    if (first === 0xfe && second === 0xff) this.#utf16 = new Decoding('utf-16be');
    this.#utf16?.take(chunk.subarray(missing));
  }
}
