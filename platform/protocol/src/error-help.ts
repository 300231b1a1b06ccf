// How each error comes about and what to do about it, for people who look an error up. What an error means,
// and its status: error-table.ts. Showing it: the server's `/docs/errors`, and docs/errors.md.
import type { ErrorCode } from './error-table.ts';

export interface ErrorHelp {
  /** What most often leads to it, as sentences; the likeliest first. */
  readonly causes: readonly string[];
  /** What to do about it, in the order in which to try it. */
  readonly remedies: readonly string[];
}

export const errorHelp: Readonly<Record<ErrorCode, ErrorHelp>> = {
  bad_request: {
    causes: [
      'The body or the frame is not JSON; `detail` says at which position it stops being JSON.',
      'A parameter of the query is missing or has the wrong form; `path` names it.',
      'A key such as `__proto__` is in it, or a number above 2^53.',
    ],
    remedies: ['Make the text with a JSON library, not by hand.', 'Correct the field that `path` names.'],
  },
  bad_cursor: {
    causes: [
      'The cursor was cut, changed, or belongs to another list.',
      'The page size is not a whole number from 1 to 100.',
    ],
    remedies: ['Start the list again without `cursor`, and hand `nextCursor` on as it came.'],
  },
  unauthorized: {
    causes: [
      'The `Authorization` header is missing.',
      'The header is not `Bearer`, a blank, and the credential.',
      'The API key is unknown: it was made on another installation, or taken back.',
      'A webhook whose signature is missing, wrong, or more than 300 s old.',
    ],
    remedies: [
      'Send `Authorization: Bearer` with an API key (`bk_...`) or a user token; `detail` says what is wrong with what came.',
      'Take the key from the provision file, or from the file that the server wrote at its first start.',
      'For webhooks compare the secret on both sides, and the clocks.',
    ],
  },
  bad_token: {
    causes: [
      'The token is signed with another secret or key than that of the app.',
      'The claim `aud` is not the key of the app, or `exp` or `sub` is missing.',
      'What was sent is no JSON Web Token; then `detail` says that it is malformed.',
    ],
    remedies: [
      'Run `belfry token --app <app> --inspect <token>` on the server: it says which claim is wrong.',
      'Look for `token refused` in the log of the server, which gives the reason.',
      'Make the token with `POST /api/v1/tokens`, which signs it as the app does.',
    ],
  },
  token_expired: {
    causes: ['The time in `exp` has passed.', 'The clock of whoever made the token is slow.'],
    remedies: ['Get a new token from your back end and send the request again.', 'Set the clocks by NTP.'],
  },
  forbidden: {
    causes: [
      'The API key does not have the scope that `detail` names.',
      'The page of a browser is of an origin that the app does not allow.',
      'A user token was used for another user, or where only API keys may go.',
      'The kind may not be sent by users, or the token does not have the role.',
    ],
    remedies: [
      'Give the key the scope, or add the origin to `allowedOrigins` of the app.',
      'Do it from the back end with an API key.',
    ],
  },
  csrf: {
    causes: [
      'The header `X-Belfry-CSRF` is missing, or is of another session.',
      'The request comes from a page of another origin.',
      'A proxy changes the host, and PUBLIC_URL is not set.',
    ],
    remedies: [
      'Take `csrf` from `GET /admin/api/session` and send it with every change.',
      'Set PUBLIC_URL to the address at which browsers reach the server.',
    ],
  },
  confirm_needed: {
    causes: ['What is asked for cannot be taken back, and whoever signed in may have left the machine.'],
    remedies: ['Send the password or a code to `POST /admin/api/session/confirm`, then the request again.'],
  },
  content_hidden: {
    causes: ['The app says `contentInConsole: hidden`, or whoever asks is a viewer.'],
    remedies: [
      'An administrator changes it in the settings of the app. The length, sender and place of each message are shown in any case.',
    ],
  },
  feature_disabled: {
    causes: ['The page that the connection is on has a policy without this feature.'],
    remedies: ['Add the feature to the policy of the page, or use it on a page that has it.'],
  },
  page_disabled: {
    causes: [
      'No policy matches the page, or the one that does is switched off.',
      'The whole app is switched off.',
      'The page has no WebSocket for visitors.',
    ],
    remedies: [
      'Look which policy matches with `GET /api/v1/pages?app=<app key>`; add one, or one for `default`.',
      'Switch the app on.',
    ],
  },
  not_found: {
    causes: [
      'The id is misspelt, or the thing was deleted. `detail` says which sort of thing was looked for.',
      'It belongs to another app than the key or token.',
      'The user is not a participant of the conversation, so for them it does not exist.',
      'The path is not one of the API.',
    ],
    remedies: [
      'Compare the id with the list, and the path with the page at `/docs/`.',
      'Add the user to the conversation first.',
    ],
  },
  method_not_allowed: {
    causes: ['The path is right and the method is not, such as `POST` where there is only `PUT`.'],
    remedies: ['Use a method of the `Allow` header.'],
  },
  request_timeout: {
    causes: ['Headers or body were sent too slowly.', 'A proxy in between keeps the body back.'],
    remedies: ['Send it again.', 'Let the proxy hand bodies on as they come.'],
  },
  conflict: {
    causes: [
      'Somebody changed the same thing at the same moment.',
      'The same `Idempotency-Key` is being worked on right now.',
      'The push target belongs to another user.',
    ],
    remedies: ['Read it again, decide, and send the change again.'],
  },
  idempotency_conflict: {
    causes: ['A `cid`, `idempotencyKey` or `Idempotency-Key` was used a second time, with another content.'],
    remedies: ['Make a new id for each new message or request; keep it only to send the same one again.'],
  },
  managed_by_file: {
    causes: ['The provision file owns this setting, so that a change here would be undone at the next start.'],
    remedies: ['Change the provision file and start the server again.'],
  },
  setup_done: {
    causes: ['The code was used, or an account was made with `npx belfry admin add`.'],
    remedies: [
      'Sign in. An administrator can invite others, and make a link for a new password.',
      'On the machine: `npx belfry admin list`, `npx belfry admin reset-password EMAIL`.',
    ],
  },
  impact_changed: {
    causes: ['People came and went since the numbers were shown.'],
    remedies: ['Look at the new numbers, and send the request again with them in `expected`.'],
  },
  message_deleted: {
    causes: ['Somebody deleted the message before the change arrived.'],
    remedies: ['Show it as deleted; send a new one if it is still wanted.'],
  },
  precondition_failed: {
    causes: ['Two people, or two tabs, changed the same thing.'],
    remedies: ['Compare `current` with what was to be changed, and send it again with the new version.'],
  },
  too_large: {
    causes: ['The body, the file, or the content of the message is above its limit.'],
    remedies: ['Send less at once: files as uploads, lists in parts.', 'Raise the limit in the configuration.'],
  },
  quota_exceeded: {
    causes: ['All uploads of the app together reach its quota.'],
    remedies: ['Delete messages with files, or uploads.', 'Raise the quota of the app.'],
  },
  unsupported_media_type: {
    causes: [
      'The `Content-Type` header is missing, or is not `application/json` in UTF-8.',
      'An upload is of a type that the app does not allow, or is something else than its name says.',
    ],
    remedies: ['Send `Content-Type: application/json`; for uploads `multipart/form-data`.'],
  },
  invalid_body: {
    causes: [
      'A field is missing, of the wrong type, or out of range; `path` names it and `detail` says why.',
      'A field is misspelt: in writes an unknown field is an error.',
      'An API key did not say for which user.',
    ],
    remedies: ['Correct the field that `path` names; the page at `/docs/` has an example of each body.'],
  },
  invalid_content: {
    causes: [
      'The message type does not take this content: a field is missing or has the wrong form, or a text is empty.',
    ],
    remedies: ['Correct the field that `path` names. The fields of a message type are on the page of its plugin.'],
  },
  invalid_target: {
    causes: ['The push target does not have the fields that its provider needs.'],
    remedies: ['Send the target as the push service gave it to the device.'],
  },
  mapping_failed: {
    causes: ['The JSONata expression failed on this payload, or what it makes is no broadcast.'],
    remedies: [
      'Try the payload with `POST /api/v1/hooks/{id}/try` until the mapping fits.',
      'Save the mapping, then replay the deliveries that were refused.',
    ],
  },
  message_rejected: {
    causes: ['A webhook of the app that is asked before messages refused it.'],
    remedies: [
      'Show `message` (`detail` over HTTP) to the person who wrote it.',
      'For the rule behind it look at the service that the webhook calls: docs/webhooks.md.',
    ],
  },
  unknown_action: {
    causes: ['The client is of a newer version than the server, or the name is misspelt.'],
    remedies: ['Compare the name with docs/protocol.md.'],
  },
  unknown_kind: {
    causes: ['The kind is misspelt, or was never added to this app.'],
    remedies: ['List the kinds of the app with `GET /api/v1/kinds`, and add it with `PUT /api/v1/kinds/{kind}`.'],
  },
  unknown_message_type: {
    causes: ['The plugin of the message type is not installed, or is off.'],
    remedies: ['Run `belfry doctor`: it lists the plugins, and why one is off.'],
  },
  unknown_provider: {
    causes: ['The app has no provider with this id, or the provider is off.'],
    remedies: ['List the providers with `GET /api/v1/providers`.'],
  },
  bad_ack: {
    causes: ['The client acknowledged a position that the stream does not have, often one of another life of the log.'],
    remedies: ['Catch up from the head that the server said, and acknowledge only what came.'],
  },
  too_many: {
    causes: ['A list in the request is longer than its limit.', 'A user, key or app has as many as it may have.'],
    remedies: ['Send the list in parts.', 'Remove some of what is there, or raise the limit in the configuration.'],
  },
  precondition_required: {
    causes: ['The request has no `If-Match`.'],
    remedies: ['Read the thing first, and send its `ETag` as `If-Match`.'],
  },
  rate_limited: {
    causes: ['One connection, key, user or address sends more than its share.'],
    remedies: [
      'Wait for `afterMs`, or as `Retry-After` says.',
      'Send many things in one request where there is a batch.',
    ],
  },
  internal: {
    causes: ['A defect of the server or of a plugin.'],
    remedies: ['Send it again with the same id.', 'Look for `requestId` in the log and report what you find.'],
  },
  overloaded: {
    causes: ['The server has more to do than it can, and refuses new work so that old work is done.'],
    remedies: ['Wait for `afterMs` and send it again.', 'Add nodes, or look in the metrics for what fills the queues.'],
  },
  unavailable: {
    causes: ['A store, a queue or the bus does not answer.', 'The server is being stopped.'],
    remedies: ['Wait for `afterMs` and send it again with the same id.', 'Ask `/readyz` which part is away.'],
  },
};
