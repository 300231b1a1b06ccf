// What a check of a token finds, as a name with its values, for whoever says it in a language of their own; and the
// same in English for logs, the API and the command line. Which check finds what: claims.ts, tokens.ts and
// inspect-token.ts.

/** `at` is in seconds, as in the token. */
type Values = Readonly<Record<string, string | number>>;

const sentences = {
  says: ({ value }) => String(value),
  not_there: () => 'not there, and not needed',
  over_size: ({ bytes }) => `it is over ${bytes} bytes`,
  no_such_app: () => 'the app does not exist',
  header_unreadable: () => 'it is no JWT: its header is not readable',
  header_names: ({ field }) => `the header has ${field}`,
  payload_unreadable: () => 'its payload is no JSON object',
  keys_unreachable: ({ url, cause }) => `the keys at ${url} could not be fetched: ${cause}`,
  keys_of_secrets: ({ fitting, secrets }) =>
    `${fitting} of the app's ${secrets} signing secrets (HS256) fit alg and kid`,
  keys_of_both: ({ fitting, secrets, url }) =>
    `${fitting} of the app's ${secrets} signing secrets (HS256) and the keys at ${url} fit alg and kid`,
  no_key_fits: ({ header }) => `no key of the app fits ${header}`,
  signed: () => 'made with such a key',
  signed_otherwise: () => 'made with another key, or the token was changed since',
  claim_missing: ({ claim }) => `the claim ${claim} is missing`,
  claim_malformed: ({ claim, value, problem }) => `the claim ${claim} is ${value}: ${problem}`,
  other_app: ({ value, app }) => `aud is ${value} and must be, or hold, the app's key ${app}`,
  too_far: () => 'exp is over 24 h ahead',
  past: () => 'exp has passed',
  ahead: ({ claim }) => `${claim} is ahead`,
  before_sign_out: () => 'it was issued before the user was signed out',
  left_out_text: ({ claim, most }) => `${claim} is no text of at most ${most} characters`,
  left_out_list: ({ claim }) => `${claim} is no list`,
  left_out_items: ({ claim, count }) => `${count} of ${claim} have another form`,
  left_out_beyond: ({ claim, most }) => `${claim} has more than ${most}`,
} satisfies Record<string, (values: Values) => string>;

type TokenFindingName = keyof typeof sentences;

export interface TokenFinding {
  what: TokenFindingName;
  values: Values;
}

export const tokenFindingNames = Object.keys(sentences) as [TokenFindingName, ...TokenFindingName[]];

export function found(what: TokenFindingName, values: Values = {}): TokenFinding {
  return { what, values };
}

export function inEnglish({ what, values }: TokenFinding): string {
  return sentences[what](values);
}
