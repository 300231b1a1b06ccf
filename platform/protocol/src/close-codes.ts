// Why a WebSocket closed, and whether a client may come back. When to close is decided by the gateway.

interface CloseRow {
  readonly code: number;
  /** Sent in the close frame: at most 123 bytes (RFC 6455, 5.5.1), and never made from input. */
  readonly reason: string;
  readonly reconnect: boolean;
  readonly description: string;
  /** Why it is in the table although this server never sends it. */
  readonly reserved?: string;
}

export const closeCodes = {
  normal: {
    code: 1000,
    reason: 'closed',
    reconnect: false,
    description: 'One side was done.',
    reserved: 'clients close with it; the server only answers it.',
  },
  going_away: {
    code: 1001,
    reason: 'going away',
    reconnect: true,
    description: 'The tab was closed.',
    reserved: 'browsers close with it; a server that stops closes with 1012.',
  },
  protocol_error: {
    code: 1002,
    reason: 'protocol error',
    reconnect: false,
    description: 'A frame that RFC 6455 forbids: unmasked, reserved bits, a bad continuation, a large control frame.',
  },
  unsupported_data: {
    code: 1003,
    reason: 'text frames only',
    reconnect: false,
    description: 'A binary frame; Belfry speaks JSON in text frames.',
  },
  invalid_utf8: {
    code: 1007,
    reason: 'invalid UTF-8',
    reconnect: false,
    description: 'A text frame that is not UTF-8.',
  },
  policy: {
    code: 1008,
    reason: 'policy',
    reconnect: false,
    description: 'A message in too many fragments, or another breach of a limit that no honest client meets.',
  },
  too_big: {
    code: 1009,
    reason: 'message too big',
    reconnect: false,
    description: 'A message above the limit of 64 KiB, counted after decompression.',
  },
  internal: {
    code: 1011,
    reason: 'internal error',
    reconnect: true,
    description: 'A defect of the server.',
    reserved: 'a defect is answered with the error `internal`, and the connection stays open.',
  },
  draining: {
    code: 1012,
    reason: 'restarting',
    reconnect: true,
    description:
      'This node is stopping. A `goaway` event with `reconnectAfterMs` came before; another node takes over.',
  },
  overloaded: {
    code: 1013,
    reason: 'try again later',
    reconnect: true,
    description: 'The node has too much to do for another connection.',
    reserved: 'a node that has too much to do refuses the upgrade with status 503.',
  },
  token_expired: {
    code: 4001,
    reason: 'token expired',
    reconnect: true,
    description: 'The token ran out while connected, 60 s after `auth_expiring`. Come back with a new one.',
  },
  too_slow: {
    code: 4002,
    reason: 'reading too slowly',
    reconnect: true,
    description: 'More than 1 MiB waited for this client, or it took nothing for 30 s. Resume brings what was missed.',
  },
  no_heartbeat: {
    code: 4003,
    reason: 'no heartbeat',
    reconnect: true,
    description: 'Two heartbeat intervals passed without a sign of life.',
  },
  rate_limited: {
    code: 4006,
    reason: 'too many commands',
    reconnect: true,
    description: 'The client kept sending for 10 s while being answered `rate_limited`.',
  },
  replaced: {
    code: 4007,
    reason: 'replaced by a newer connection',
    reconnect: true,
    description: 'The client connected again and said that its new connection replaces this one.',
  },
  malformed: {
    code: 4500,
    reason: 'malformed frames',
    reconnect: false,
    description:
      'The first frame was not `connect`, `connect` came twice, or three unreadable frames came within a minute.',
  },
  bad_token: {
    code: 4501,
    reason: 'bad token',
    reconnect: false,
    description: 'The token is not valid for this app, or the page needs one and none was given.',
  },
  no_connect: {
    code: 4502,
    reason: 'no connect in time',
    reconnect: false,
    description: 'No `connect` within 10 s of opening.',
  },
  page_disabled: {
    code: 4503,
    reason: 'page disabled',
    reconnect: false,
    description:
      'The page, or the app, has no WebSocket (any more). A client looks at the page policies again before it tries.',
  },
  connection_limit: {
    code: 4504,
    reason: 'connection limit',
    reconnect: false,
    description:
      'The app, the user or the address has as many connections as it may have. Also the oldest connection of a device, where its user opened another above the limit.',
  },
  protocol_version: {
    code: 4506,
    reason: 'protocol version not supported',
    reconnect: false,
    description: 'The client offered only subprotocols that this server does not speak.',
  },
  signed_out: {
    code: 4507,
    reason: 'signed out',
    reconnect: false,
    description: 'The connection was ended by an administrator or an API call, or the user was signed out everywhere.',
  },
} as const satisfies Record<string, CloseRow>;

export type CloseName = keyof typeof closeCodes;

// 1005 and 1006 are made up by the browser for a connection that ended without a close frame, and 1014 is a
// proxy's: all three say that the network or something in between failed, not that this client is unwelcome.
const transientTransportCodes: ReadonlySet<number> = new Set([1001, 1005, 1006, 1011, 1012, 1013, 1014]);

/**
 * Whether a client may connect again by itself after this close code.
 *
 * The ranges decide, not the table, so that a client of today does the right thing with codes added tomorrow:
 * 4000-4499 come back, 4500-4999 stay away. 1000 was on purpose. After 1002, 1003, 1007, 1008 and 1009 the
 * client itself did something wrong and would do it again at once: thousands of such clients are a flood.
 */
export function mayReconnect(code: number): boolean {
  return (code >= 4000 && code <= 4499) || transientTransportCodes.has(code);
}
