// The options by which an author describes a provider to the test kit. Not the checks.
import type { PushNotification } from '../delivery.ts';
import type { ReceiptRequest } from '../receipt.ts';
import type { RejectionReason } from '../outcome.ts';
import type { Answer, RecordedRequest } from './answer.ts';
import type { ScriptedConnect } from './fake-host.ts';
import type { PackageSource } from './manifest-scenario.ts';

export interface ProviderTestOptions {
  /**
   * As a tenant would fill it in. Its secrets are looked for everywhere, so make them at least 6 characters
   * long and unlike anything else.
   */
  readonly config: unknown;
  /** As a device would register it. */
  readonly target: unknown;
  /** Answers of the service, each with the outcome that it must become. */
  readonly answers?: readonly AnswerLine[];
  /** Replaces parts of the sample's notification in the lines of `answers`. */
  readonly notification?: Partial<PushNotification>;
  /**
   * Answers to requests beside the delivery, such as for an access token. The lines of `answers` and the
   * nasty cases are for the others.
   */
  readonly standing?: (request: RecordedRequest) => Answer | undefined;
  /** Requests of the service to the host, each with the receipts that it must become. */
  readonly receipts?: readonly ReceiptLine[];
  /**
   * The plugin's package.json: where it is, or what it says. testNotificationProvider finds it above the test
   * file.
   */
  readonly packageJson?: PackageSource;
  /**
   * For a provider that uses ctx.connect: its result, mostly a socket to a local stand-in. The scripted
   * answers of HTTP are then left out.
   */
  readonly connect?: ScriptedConnect;
  /** Real time that one call may take before it counts as hanging. */
  readonly patienceMs?: number;
}

export type ExpectedOutcome =
  | 'accepted'
  | `accepted:${string}` // with this provider's message id
  | 'retry'
  | 'retry:target' // of this device alone
  | `retry:${number}` // with this afterMs
  | `retry:${number}:target`
  | `rejected:${RejectionReason}`;

/** May look at the requests, and throw (vitest's `expect`). */
export type LookAtRequests = (requests: readonly RecordedRequest[]) => void;

/** The circumstances of one line, where they are not those of the sample. */
export interface LineOptions {
  readonly also?: LookAtRequests;
  /** Replace the fields of the sample's configuration and target, and parts of its notification. */
  readonly config?: object;
  readonly target?: object;
  readonly notification?: Partial<PushNotification>;
  readonly previous?: { readonly providerMessageId: string };
  /** 1 unless given. */
  readonly attempt?: number;
  /** In place of the sample's; undefined takes it away. */
  readonly standing?: ((request: RecordedRequest) => Answer | undefined) | undefined;
}

/** Several answers are for several requests in turn. */
export type AnswerLine =
  | readonly [answer: Answer | readonly Answer[], expected: ExpectedOutcome]
  | readonly [answer: Answer | readonly Answer[], expected: ExpectedOutcome, also: LookAtRequests | LineOptions];

/** `receiptUrl` of every line; what signs its address signs this one. */
export const sampleReceiptUrl = 'https://belfry.example.com/receipts/demo/main/key';

/** What is left out is a POST without headers, query and body. An object is sent as JSON. */
export interface SampleReceiptRequest extends Partial<Omit<ReceiptRequest, 'body'>> {
  readonly body?: string | Uint8Array | object;
}

/**
 * `expected` is the list of receipts, each with the fields that are looked at; `refused`; or what is answered
 * besides. `config` replaces fields of the sample's configuration.
 */
export type ReceiptLine = readonly [
  request: SampleReceiptRequest,
  expected: ExpectedReceipts,
  options?: { readonly config?: object },
];
export type ExpectedReceipts =
  | 'refused'
  | readonly Readonly<Record<string, unknown>>[]
  | { readonly receipts: readonly Readonly<Record<string, unknown>>[]; readonly answer: object };
