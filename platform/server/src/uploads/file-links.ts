// Links to files: signed, good for a short time, for anybody who has one. Deciding who is given one is
// uploads.ts.

import type { AppId } from '../ports/app-id.ts';
import { Sealer } from '../sealing/seal.ts';

export interface FileLink {
  app: AppId;
  id: string;
  /** Seconds since the epoch. */
  expires: number;
}

export class FileLinks {
  readonly #sealer: Sealer;

  /** `secret` is the installation's, the same on every node. */
  constructor(secret: string) {
    this.#sealer = new Sealer(secret, 'file links');
  }

  /** Path and query, to be put behind the server's own address. */
  make({ app, id, expires }: FileLink): string {
    return `/files/${id}?app=${app}&expires=${expires}&signature=${this.#sealer.sign([app, id, expires])}`;
  }

  /** Whether this signature was made here for exactly this link; says nothing about the time. */
  isGenuine({ app, id, expires }: FileLink, signature: string): boolean {
    return this.#sealer.isGenuine([app, id, expires], signature);
  }
}
