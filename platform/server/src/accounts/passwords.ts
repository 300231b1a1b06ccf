// Hashes of passwords: made, compared, and no more at once than a node can bear. Who may sign in is decided
// in sign-in.ts.

import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';
import { BelfryError } from '@belfry/protocol';
import { FairPool } from '../concurrency/fair-pool.ts';
import type { Metrics } from '../ports/metrics.ts';

/** RFC 9106 and OWASP: argon2id with 19 MiB, two passes, one lane. KiB. */
const memoryKiB = 19 * 1024;
const passes = 2;
const lanes = 1;
const saltBytes = 16;
const tagBytes = 32;

/** Each takes a core for some 20 ms and its memory: beside them the node has other things to do. */
const atOnce = 2;
const waiting = 50;

export const minPasswordChars = 10;
/** Beyond it a password is a way to keep a server busy. */
export const maxPasswordChars = 256;

/** `argon2` came with Node 24.7. */
const compute = typeof argon2 === 'function' ? promisify(argon2) : undefined;

interface Parsed {
  memory: number;
  passes: number;
  lanes: number;
  salt: Buffer;
  tag: Buffer;
}

export class Passwords {
  readonly #pool: FairPool;

  constructor({ metrics }: { metrics: Metrics }) {
    this.#pool = new FairPool({ name: 'passwords', running: atOnce, waiting, metrics });
  }

  /** In PHC notation. `from`: the address that asks; each gets its turn. Rejects with `overloaded`. */
  async hash(password: string, from: string): Promise<string> {
    const wanted = newHash(Buffer.alloc(tagBytes));
    const tag = await this.#compute(password, from, wanted);
    return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${bare(wanted.salt)}$${bare(tag)}`;
  }

  /** Without a hash, or with an empty one, it takes as long and is false. */
  async verify(password: string, hash: string | undefined, from: string): Promise<boolean> {
    const parsed = hash === undefined || hash === '' ? newHash(randomBytes(tagBytes)) : parse(hash);
    const tag = await this.#compute(password, from, parsed);
    return timingSafeEqual(tag, parsed.tag) && hash !== undefined && hash !== '';
  }

  #compute(password: string, from: string, parsed: Parsed): Promise<Buffer> {
    const { memory, passes: count, lanes: parallelism, salt, tag } = parsed;
    if (compute === undefined) {
      throw new BelfryError('unavailable', { message: 'Passwords need Node 24.7 or later.' });
    }
    // NFC: the same password typed on another keyboard is the same.
    const parameters: Argon2Parameters = {
      ...{ message: password.normalize('NFC'), nonce: salt, parallelism, tagLength: tag.length, memory },
      passes: count,
    };
    return this.#pool.run({ app: from }, () => compute('argon2id', parameters));
  }
}

function newHash(tag: Buffer): Parsed {
  return { memory: memoryKiB, passes, lanes, salt: randomBytes(saltBytes), tag };
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(hash: string): Parsed {
  const [, memory, count, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (tag === undefined || salt === undefined) throw new Error('a stored password hash cannot be read');
  return {
    ...{ memory: Number(memory), passes: Number(count), lanes: Number(parallelism) },
    ...{ salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') },
  };
}

/** Base64 without padding, as PHC wants it. */
function bare(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
