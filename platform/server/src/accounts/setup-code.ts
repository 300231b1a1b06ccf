// The code that lets the person in front of the machine make the first administrator: new at every start, kept
// as a hash, good once. What they make with it: setup.ts.

import { timingSafeEqual } from 'node:crypto';
import { hashOfSecret, newCode, normalCode } from './secret-text.ts';

/** 80 bits. */
const codeChars = 16;

export class SetupCode {
  /** To be printed, and nowhere else. */
  readonly text: string;
  #hash: string | undefined;

  constructor() {
    this.text = newCode(codeChars);
    this.#hash = hashOfSecret(normalCode(this.text));
  }

  isRight(typed: string): boolean {
    if (this.#hash === undefined) return false;
    return timingSafeEqual(Buffer.from(this.#hash), Buffer.from(hashOfSecret(normalCode(typed))));
  }

  /** It is good no more. */
  spend(): void {
    this.#hash = undefined;
  }
}
