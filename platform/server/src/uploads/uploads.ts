// Files that users send: taken in, given out to those who may have them, deleted. How they arrive over HTTP,
// and messages, are not its business.

import type { Readable } from 'node:stream';
import { BelfryError, notFound, type Upload } from '@belfry/protocol';
import { FairPool } from '../concurrency/fair-pool.ts';
import type { AppId } from '../ports/app-id.ts';
import type { BlobLink, Blobs, ByteRange } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AppSettings, UploadRecord, UploadStore } from '../ports/stores/index.ts';
import type { FileLink, FileLinks } from './file-links.ts';
import { isInlineType } from './file-types.ts';
import { receive, type IncomingFile } from './receiving.ts';
import { rulesOf, type UploadLimits, type UploadRules } from './rules.ts';

/** A file as it is given out. */
export interface ServedFile {
  name: string;
  type: string;
  bytes: number;
  /** Of the content: the same for the same bytes. */
  digest: string;
  /** Whether a browser may show it in place. */
  isInline: boolean;
  /** How long the link is good, ms. */
  goodForMs: number;
  /** Undefined when the file has gone meanwhile. */
  read(range?: ByteRange): Promise<Readable | undefined>;
  /** An address of the store that answers it, as long as the link is good; absent: it is read here. */
  link?: ((as: Omit<BlobLink, 'expiresMs'>) => Promise<string>) | undefined;
}

export interface UploadsDeps {
  store: UploadStore;
  blobs: Blobs;
  /** Whether files are given out by the store itself, where it can. */
  isStorePublic?: boolean;
  links: Pick<FileLinks, 'make' | 'isGenuine'>;
  settings: (app: AppId) => Promise<AppSettings>;
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  limits: UploadLimits & { uploadsAtOnce: number; uploadsAtOncePerUser: number; uploadLinkMs: number };
  clock: Pick<Clock, 'now'>;
  log: Log;
  metrics?: Pick<Metrics, 'count' | 'set' | 'onCollect'> | undefined;
}

export class Uploads {
  readonly #deps: UploadsDeps;
  /** Nothing waits: what arrives would have to be read, or its sender be kept. */
  readonly #arriving: FairPool;
  /** How many of each sender are under way. */
  readonly #ofSenders = new Map<string, number>();

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
    const { limits, metrics } = deps;
    this.#arriving = new FairPool({ name: 'uploads', running: limits.uploadsAtOnce, waiting: 0, metrics });
  }

  /** The rules of the app now. Throws `forbidden` when it takes no uploads. */
  async rules(app: AppId): Promise<UploadRules> {
    const { settings, limits } = this.#deps;
    const found = rulesOf((await settings(app)).uploads, limits);
    if (!found.enabled) throw new BelfryError('forbidden', { message: 'This app takes no uploads.' });
    return found;
  }

  /**
   * `sender` is whom to count it for: a user or an API key. Throws what receiving.ts throws, `forbidden`, and
   * `overloaded` or `rate_limited` when too many arrive at once: of all, of the app, or of the sender.
   */
  async take(app: AppId, sender: string, file: IncomingFile): Promise<Upload> {
    const rules = await this.rules(app);
    const leave = this.#enter(`${app} ${sender}`);
    try {
      const received = () => receive(this.#deps, app, { file, rules });
      return this.#view(app, await this.#arriving.run({ app, user: sender }, received));
    } finally {
      leave();
    }
  }

  /**
   * For its owner, everybody who may read a message that uses it, and (without a viewer) the app's back end.
   * Throws `not_found`.
   */
  async get(app: AppId, id: string, viewer?: string): Promise<Upload> {
    const upload = await this.#find(app, id);
    if (viewer !== undefined && upload.userId !== viewer && !(await this.#isReader(app, id, viewer))) {
      throw notFound('upload');
    }
    return this.#view(app, upload);
  }

  /**
   * Throws `not_found` for an upload that is not there or another's; `conflict` to a user whose message uses
   * it.
   */
  async remove(app: AppId, id: string, owner?: string): Promise<void> {
    const { store, blobs } = this.#deps;
    const upload = await this.#find(app, id);
    if (owner !== undefined && upload.userId !== owner) throw notFound('upload');
    const claimed = await store.claim(app, id, { evenIfUsed: owner === undefined });
    if (claimed === 'missing') throw notFound('upload');
    if (claimed === 'used') {
      throw new BelfryError('conflict', { message: 'A message uses it; delete the message instead.' });
    }
    await blobs.remove(app, id);
    await store.forget(app, [id]);
  }

  /**
   * Throws `forbidden` for a link that was not made here, was changed, or is too old; `not_found` when the
   * file is gone.
   */
  async serve({ app, id, expires, signature }: FileLink & { signature: string }): Promise<ServedFile> {
    const { links, blobs, clock } = this.#deps;
    if (!links.isGenuine({ app, id, expires }, signature)) {
      throw new BelfryError('forbidden', { message: 'This link was not made here.' });
    }
    const goodForMs = expires * 1000 - clock.now();
    if (goodForMs <= 0) {
      throw new BelfryError('forbidden', {
        message: 'This link is too old; ask for the upload again to get another.',
      });
    }
    const { name, type, bytes, digest } = await this.#find(app, id);
    const isInline = isInlineType(type);
    const read: ServedFile['read'] = (range) => blobs.open(app, id, range);
    return { name, type, bytes, digest, isInline, goodForMs, read, link: this.#linkTo(app, id, goodForMs) };
  }

  #linkTo(app: AppId, id: string, goodForMs: number): ServedFile['link'] {
    const { blobs, isStorePublic = false } = this.#deps;
    const expiresMs = Math.max(goodForMs, 1000);
    if (!isStorePublic || blobs.link === undefined) return undefined;
    const link = blobs.link.bind(blobs);
    return (as) => link(app, id, { ...as, expiresMs });
  }

  async #find(app: AppId, id: string): Promise<UploadRecord> {
    const upload = await this.#deps.store.get(app, id);
    if (upload === undefined) throw notFound('upload');
    return upload;
  }

  async #isReader(app: AppId, id: string, userId: string): Promise<boolean> {
    const { store, mayRead } = this.#deps;
    for (const stream of await store.streams(app, id, userId)) {
      if (await mayRead(app, stream, userId)) return true;
    }
    return false;
  }

  #view(app: AppId, { id, userId, name, type, bytes, createdAt }: UploadRecord): Upload {
    const { links, limits, clock } = this.#deps;
    // Whole seconds: the time stands in the link.
    const expires = Math.ceil((clock.now() + limits.uploadLinkMs) / 1000);
    return {
      uploadId: id,
      userId,
      name,
      type,
      bytes,
      url: links.make({ app, id, expires }),
      expiresAt: new Date(expires * 1000).toISOString(),
      createdAt: new Date(createdAt).toISOString(),
    };
  }

  /** Counts one in; the function that is returned counts it out again. */
  #enter(sender: string): () => void {
    const ofSenders = this.#ofSenders;
    const own = ofSenders.get(sender) ?? 0;
    if (own >= this.#deps.limits.uploadsAtOncePerUser) {
      throw new BelfryError('rate_limited', { message: `${own} uploads are under way.`, afterMs: 1000 });
    }
    ofSenders.set(sender, own + 1);
    return () => {
      const left = (ofSenders.get(sender) ?? 1) - 1;
      if (left === 0) ofSenders.delete(sender);
      else ofSenders.set(sender, left);
    };
  }
}
