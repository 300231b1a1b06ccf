// Every error a client can get: its code, its HTTP status, whether to try again. The error as a thing to
// throw: errors.ts.

/**
 * `never`: the same request will fail again. `same`: send it again as it is, with its `cid` or idempotency
 * key. `after`: the same, but not before `afterMs`.
 */
export type Retry = 'never' | 'same' | 'after';

interface ErrorRow {
  readonly status: number;
  readonly title: string;
  readonly retry: Retry;
  readonly description: string;
}

export const errorTable = {
  bad_request: {
    status: 400,
    title: 'The request cannot be read.',
    retry: 'never',
    description:
      'Not JSON, not an object, nested deeper than 32 levels, a number that is not finite or no safe integer, or a key that is never allowed (`__proto__`, `constructor`, `prototype`). The third such frame within a minute closes the connection with 4500.',
  },
  bad_cursor: {
    status: 400,
    title: 'The cursor or page size is not valid.',
    retry: 'never',
    description: 'A cursor that this server did not make or that was changed, or a page size outside 1 to 100.',
  },
  unauthorized: {
    status: 401,
    title: 'Credentials are missing.',
    retry: 'never',
    description: 'No token or API key, an API key that does not exist, or a page that needs a signed-in user.',
  },
  bad_token: {
    status: 401,
    title: 'The token is not valid.',
    retry: 'never',
    description:
      'The signature, algorithm, audience or a claim of the user token is wrong. The answer is the same for each of them; the server log says which. Over the WebSocket the connection closes with 4501.',
  },
  token_expired: {
    status: 401,
    title: 'The token has expired.',
    retry: 'never',
    description: 'The token was good once. Get a new one and send the request again with it.',
  },
  forbidden: {
    status: 403,
    title: 'This is not allowed.',
    retry: 'never',
    description:
      'The API key lacks the scope, the origin is not on the list, or the user may not do this to that object.',
  },
  csrf: {
    status: 403,
    title: 'The request does not come from the console.',
    retry: 'never',
    description:
      'A request of the console that changes something carries the header `X-Belfry-CSRF` of its session and comes from a page of this server.',
  },
  confirm_needed: {
    status: 403,
    title: 'This wants the password or a code again.',
    retry: 'never',
    description:
      'The last password or code of the session is more than 10 minutes old. Confirm the session, then send the request again.',
  },
  content_hidden: {
    status: 403,
    title: 'What messages say is not shown here.',
    retry: 'never',
    description:
      'The app shows nobody in the console what its messages say (`contentInConsole: hidden`), or shows it to developers and those above them.',
  },
  feature_disabled: {
    status: 403,
    title: 'This page does not have the feature.',
    retry: 'never',
    description: "The policy of the connection's page does not have the feature that the command needs.",
  },
  page_disabled: {
    status: 403,
    title: 'This page has no WebSocket.',
    retry: 'never',
    description:
      'No enabled policy matches the page, or the app is disabled. Over the WebSocket the connection closes with 4503.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing.',
    retry: 'never',
    description:
      'It does not exist, belongs to another app, or is not visible to the caller. The three cannot be told apart, so that ids cannot be guessed.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This path does not have that method.',
    retry: 'never',
    description: 'The `Allow` header names the methods that the path has.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive.',
    retry: 'same',
    description: 'Headers or body were not complete within 10 s.',
  },
  conflict: {
    status: 409,
    title: 'This conflicts with the present state.',
    retry: 'never',
    description: 'Somebody else changed the object meanwhile. Read it again, then decide.',
  },
  idempotency_conflict: {
    status: 409,
    title: 'This id was used for something else.',
    retry: 'never',
    description:
      'The same `cid`, `idempotencyKey` or `Idempotency-Key` came before with other content. Nothing was done; use a new id.',
  },
  managed_by_file: {
    status: 409,
    title: 'This is managed by the provision file.',
    retry: 'never',
    description: 'Change it in the provision file and start the server again.',
  },
  setup_done: {
    status: 409,
    title: 'There is an administrator already.',
    retry: 'never',
    description: 'The code of the setup makes the first administrator, once. Others are invited.',
  },
  impact_changed: {
    status: 409,
    title: 'This would now do something else than was said.',
    retry: 'never',
    description: 'More or fewer are concerned than the request expects; `impact` says how many now.',
  },
  message_deleted: {
    status: 409,
    title: 'The message was deleted.',
    retry: 'never',
    description: 'A deleted message cannot be edited, reacted to or pinned.',
  },
  precondition_failed: {
    status: 412,
    title: 'Somebody else changed it meanwhile.',
    retry: 'never',
    description:
      'The `If-Match` of the request names another version than the one that is there, which stands in `current`, with who made it and when.',
  },
  too_large: {
    status: 413,
    title: 'This is too large.',
    retry: 'never',
    description: "The body, the upload, or the content by its message type's limits.",
  },
  quota_exceeded: {
    status: 413,
    title: 'The app keeps as much as it may.',
    retry: 'never',
    description:
      'All uploads of the app together would take more than its quota. Space is freed by deleting messages and uploads, not by waiting. A single file over the limit is `too_large`.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'This content type is not accepted.',
    retry: 'never',
    description:
      'Bodies are `application/json`. An upload must be of a type that the app allows, and be what its name says.',
  },
  invalid_body: {
    status: 422,
    title: 'A field is not valid.',
    retry: 'never',
    description:
      '`path` leads to the first field that is missing, of the wrong type, out of range or, in an HTTP write, unknown.',
  },
  invalid_content: {
    status: 422,
    title: 'The content is not valid for its message type.',
    retry: 'never',
    description: 'The message type refused the content; `path` begins with `content`.',
  },
  invalid_target: {
    status: 422,
    title: 'The push target is not valid for its provider.',
    retry: 'never',
    description: 'The provider of the device refused the target; `path` begins with `target`.',
  },
  mapping_failed: {
    status: 422,
    title: 'The webhook could not be made into a broadcast.',
    retry: 'never',
    description:
      "The hook's mapping failed on the payload, made something that is no broadcast, or made one that was refused; `detail` says which, and `path` leads into what it made. The delivery is kept: mend the mapping, then replay it.",
  },
  message_rejected: {
    status: 422,
    title: 'The app does not accept this message.',
    retry: 'never',
    description:
      'The app looks at messages before they are accepted, and did not let this one in. `message` and `detail` say why, in words of the app.',
  },
  unknown_action: {
    status: 422,
    title: 'There is no such action.',
    retry: 'never',
    description: 'The frame was read, but names a command that this server does not have.',
  },
  unknown_kind: {
    status: 422,
    title: 'There is no such kind.',
    retry: 'never',
    description: 'The broadcast names a kind that is neither built in nor declared for this app.',
  },
  unknown_message_type: {
    status: 422,
    title: 'There is no such message type.',
    retry: 'never',
    description: 'No plugin for that message type is installed and healthy.',
  },
  unknown_provider: {
    status: 422,
    title: 'There is no such provider.',
    retry: 'never',
    description: 'The app has no notification provider configured under that id.',
  },
  bad_ack: {
    status: 422,
    title: 'The acknowledged position does not exist.',
    retry: 'never',
    description: "The seq is above the stream's head, or the stream is not one that this connection gets.",
  },
  too_many: {
    status: 422,
    title: 'There are too many at once.',
    retry: 'never',
    description: 'A list is longer than its limit, such as more than 1,000 streams to resume. Send it in parts.',
  },
  precondition_required: {
    status: 428,
    title: 'The request does not say which version it changes.',
    retry: 'never',
    description: 'A change in the console carries the `ETag` of what it changes in `If-Match`.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests.',
    retry: 'after',
    description:
      'Over 30 commands a second on a connection (after a burst of 60), or over a limit of the HTTP API. Nothing was done.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong here.',
    retry: 'same',
    description:
      'A defect. It is in the log under the request id. A write may have happened: send it again with the same id to find out.',
  },
  overloaded: {
    status: 503,
    title: 'The server has too much to do.',
    retry: 'after',
    description: 'A bounded queue is full. Nothing was done.',
  },
  unavailable: {
    status: 503,
    title: 'A part that this needs is away.',
    retry: 'after',
    description:
      'The store, the bus or the queue does not answer, or the server is draining. A write may have happened: send it again with the same id.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorTable, value);
}
