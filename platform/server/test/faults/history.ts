// Everything that clients, phones and the breaker of things saw and did, as plain data: the checker knows
// nothing else. The check itself: checker.ts.

export type DeviceType = 'mobile' | 'desktop' | 'tablet';

interface InStream {
  app: string;
  stream: string;
}

/** `at` of all is ms of one monotonic clock, that of the process that runs the clients. */
export type FaultEvent =
  /**
   * One for each time it was sent. `key` is in the text itself, so it names the message wherever it turns up.
   * `n` is its place in the sender's outbox.
   */
  | (InStream & { type: 'sent'; sender: string; n: number; key: string; via: 'outbox' | 'broadcast'; at: number })
  /** A broadcast into several inboxes is answered without a seq. */
  | (InStream & { type: 'answered'; key: string; messageId: string; seq?: number; duplicate: boolean; at: number })
  /** `gaveUp`: the sender will not send it again. */
  | (InStream & { type: 'refused'; key: string; code: string; gaveUp: boolean; at: number })
  /** `url`: where it is connected. */
  | { type: 'opened'; app: string; reader: string; url?: string; at: number }
  | { type: 'closed'; app: string; reader: string; at: number }
  | { type: 'stalled'; app: string; reader: string; at: number }
  | { type: 'unstalled'; app: string; reader: string; at: number }
  /** The application was handed this one. */
  | (InStream & { type: 'released'; reader: string; seq: number; messageId: string; key: string; at: number })
  /** The server said that these will not come. */
  | (InStream & { type: 'gap'; reader: string; from: number; to: number; at: number })
  | (InStream & { type: 'ack_sent'; user: string; seq: number; holds: boolean; at: number })
  /** `holds`: by a visible or mobile connection. */
  | (InStream & { type: 'ack_answered'; user: string; seq: number; holds: boolean; at: number })
  | PostedEvent
  | { type: 'provider'; mood: 'well' | 'ill'; at: number }
  /** A part that was broken other than by stopping: a disk, a bus. */
  | { type: 'trouble'; is: 'begun' | 'over'; at: number }
  | { type: 'stopping'; how: 'kill' | 'drain'; at: number }
  | { type: 'stopped'; how: 'kill' | 'drain'; code: number | null; at: number }
  | { type: 'started'; at: number }
  /** Something that no client may meet, whatever is broken. */
  | { type: 'odd'; what: string; at: number };

/**
 * The posts that the provider's stand-in got. `app` is where it was posted to, `saidApp` what the post says.
 */
export interface PostedEvent extends InStream {
  type: 'posted';
  saidApp: string;
  user: string;
  deviceId: string;
  /** Of the newest message that it reports. */
  seq: number;
  count: number;
  collapseKey: string;
  messageIds: readonly string[];
  /** `lost`: never answered, and nobody knows whether the phone showed it. */
  outcome: 'accepted' | 'failed' | 'lost';
  at: number;
}

/** One message as the log has it in the end. */
export interface LogEntry {
  seq: number;
  messageId: string;
  key: string;
  sender?: string;
  /** Only mobile connections get it. */
  mobileOnly?: boolean;
}

export interface StreamRecord extends InStream {
  members: readonly string[];
  log: readonly LogEntry[];
}

/** A client and its place, over all its connections. */
export interface ReaderRecord {
  app: string;
  reader: string;
  user: string;
  deviceType: DeviceType;
  isUpAtEnd: boolean;
}

export interface PhoneRecord {
  app: string;
  user: string;
  deviceId: string;
}

export interface History {
  waitMs: number;
  /** The longest call of a provider, ms. */
  pushTimeoutMs: number;
  streams: readonly StreamRecord[];
  readers: readonly ReaderRecord[];
  phones: readonly PhoneRecord[];
  events: readonly FaultEvent[];
  endedAt: number;
}

export type EventOf<T extends FaultEvent['type']> = Extract<FaultEvent, { type: T }>;

/** An event before it has its time. */
export type Happening = { [T in FaultEvent['type']]: Omit<EventOf<T>, 'at'> }[FaultEvent['type']];
