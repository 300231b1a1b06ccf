// Links to files: signed, good for a short time, for anybody who has one. Who is given one is uploads.ts.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AppId } from '../ports/app-id.ts';

export interface FileLink {
  app: AppId;
  id: string;
  /** Seconds since the epoch. */
  expires: number;
}

export interface FileLinks {
  /** Path and query, to be put behind the server's own address. */
  make(link: FileLink): string;
  /** Whether this signature was made here for exactly this; says nothing about the time. */
  isGenuine(link: FileLink, signature: string): boolean;
}

/** `secret` is the installation's, the same on every node; what is made here can be used for nothing else. */
export function createFileLinks(secret: string): FileLinks {
  const key = createHmac('sha256', secret).update('file links').digest();
  const sign = ({ app, id, expires }: FileLink): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([app, id, expires]))
      .digest();

  return {
    make(link) {
      const { app, id, expires } = link;
      return `/files/${id}?app=${app}&expires=${expires}&signature=${sign(link).toString('base64url')}`;
    },
    isGenuine(link, signature) {
      const given = Buffer.from(signature, 'base64url');
      const right = sign(link);
      // Decoding skips what is no base64: a signature with junk in it is not the one that was made.
      return (
        given.length === right.length && given.toString('base64url') === signature && timingSafeEqual(given, right)
      );
    },
  };
}
