// The shape of a message type. Not how messages are stored or who may send: the host does that.
import type { z } from 'zod';
import type { UploadReference } from './upload-reference.ts';

/** As an author writes it. */
export interface MessageTypeDefinition<Schema extends z.ZodType = z.ZodType> {
  /** As in the manifest; the `type` of a message. */
  readonly id: string;
  /** Version of the content: 1, 2, 3 ... Stored with each message. */
  readonly version: number;
  /** For the console; the id where it is missing. */
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  /** The content, an object. The output of the schema is stored. */
  readonly schema: Schema;
  readonly limits: MessageTypeLimits;
  /** A page must have this feature before its connections may send this type. */
  readonly feature?: string | undefined;
  /**
   * How the message reads in a notification and in a list of conversations. Without a title the sender's name
   * is used.
   */
  preview(content: z.output<Schema>, reader: { readonly locale: string }): Preview;
  /** Decides after the schema, for types that not everybody may send. Missing: everybody may. */
  accept?(draft: Draft<z.output<Schema>>, sender: MessageSender): true | { readonly refused: string };
  /**
   * The uploads that the content refers to. The host refuses those that are not there, not the sender's, or
   * of another type, and keeps them, readable to whoever gets the message, as long as the message is kept.
   * Missing: the type refers to none.
   */
  uploads?(content: z.output<Schema>): readonly UploadReference[];
  /**
   * Turns content stored under version `from` into this version's; the schema then validates it. Needed from
   * version 2 on.
   */
  upgrade?(from: number, content: unknown): unknown;
}

export interface MessageTypeLimits {
  /** Content as JSON in UTF-8. */
  readonly bytes: number;
}

export interface Preview {
  readonly title?: string | undefined;
  readonly body: string;
}

/** A message about to be stored. */
export interface Draft<Content = unknown> {
  readonly type: string;
  readonly content: Content;
  /** Missing where it goes to inboxes. */
  readonly conversationId?: string | undefined;
}

export const senderWays = ['socket', 'http-user', 'http-key', 'hook', 'console'] as const;
/**
 * `socket` and `http-user` are end users with a token of their own; the others speak for the tenant's back
 * end or staff.
 */
export type SenderWay = (typeof senderWays)[number];

export interface MessageSender {
  readonly userId: string;
  readonly via: SenderWay;
  readonly roles?: readonly string[] | undefined;
}

/**
 * The checked form that the host works with: made by `defineMessageType`, or by `checkPlugin` from a foreign
 * object.
 */
export interface MessageType<Schema extends z.ZodType = z.ZodType> extends MessageTypeDefinition<Schema> {
  readonly kind: 'message-type';
  /** The version of the contract it was defined under. */
  readonly api: string;
}
