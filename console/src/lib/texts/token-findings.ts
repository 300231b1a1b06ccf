// What a check of a token found, as a sentence in the person's language. Which checks there are, and their remedies:
// features/settings/token-words.ts.
import type { TokenFinding } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';
import { number } from './numbers.ts';
import { exactTime, type TimeStyle } from './times.ts';

type Values = Record<string, string>;

const sentences: Record<TokenFinding['what'], (values: Values) => string> = {
  says: ({ value = '' }) => value,
  not_there: () => m.token_not_there(),
  over_size: ({ bytes = '' }) => m.token_over_size({ bytes }),
  no_such_app: () => m.token_no_such_app(),
  header_unreadable: () => m.token_header_unreadable(),
  header_names: ({ field = '' }) => m.token_header_names({ field }),
  payload_unreadable: () => m.token_payload_unreadable(),
  keys_unreachable: ({ url = '', cause = '' }) => m.token_keys_unreachable({ url, cause }),
  keys_of_secrets: ({ fitting = '', secrets = '' }) => m.token_keys_of_secrets({ fitting, secrets }),
  keys_of_both: ({ fitting = '', secrets = '', url = '' }) => m.token_keys_of_both({ fitting, secrets, url }),
  no_key_fits: ({ header = '' }) => m.token_no_key_fits({ header }),
  signed: () => m.token_signed(),
  signed_otherwise: () => m.token_signed_otherwise(),
  claim_missing: ({ claim = '' }) => m.token_claim_missing({ claim }),
  claim_malformed: ({ claim = '', value = '' }) => m.token_claim_malformed({ claim, value, form: formOf(claim) }),
  other_app: ({ value = '', app = '' }) => m.token_other_app({ value, app }),
  too_far: ({ at = '' }) => m.token_too_far({ at }),
  past: ({ at = '' }) => m.token_past({ at }),
  ahead: ({ claim = '', at = '' }) => m.token_ahead({ claim, at }),
  before_sign_out: () => m.token_before_sign_out(),
  left_out_text: ({ claim = '', most = '' }) => m.token_left_out_text({ claim, most }),
  left_out_list: ({ claim = '' }) => m.token_left_out_list({ claim }),
  left_out_items: ({ claim = '', count = '' }) => m.token_left_out_items({ claim, count }),
  left_out_beyond: ({ claim = '', most = '' }) => m.token_left_out_beyond({ claim, most }),
};

/** Claims that are times, in seconds. */
const times: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat']);

function formOf(claim: string): string {
  if (times.has(claim)) return m.token_form_time();
  return claim === 'aud' ? m.token_form_aud() : m.token_form_sub();
}

/** `claim`: whose value is said, where it is one. Undefined for what the server knows and the console does not. */
export function findingWords(
  { what, values }: TokenFinding,
  { claim = '', style }: { claim?: string; style: TimeStyle },
): string | undefined {
  const sentence = Object.hasOwn(sentences, what) ? sentences[what] : undefined;
  if (what === 'says' && times.has(claim)) return timeOf(values['value'], style);
  return sentence?.(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, wordOf(name, value, style)])),
  );
}

function wordOf(name: string, value: string | number, style: TimeStyle): string {
  if (name === 'at') return timeOf(value, style);
  return typeof value === 'number' ? number(value, style.tag) : visibleText(value);
}

/** With the number that stands in the token. */
function timeOf(seconds: string | number | undefined, style: TimeStyle): string {
  const atMs = Number(seconds) * 1000;
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15
    ? `${exactTime(atMs, style)} (${seconds})`
    : String(seconds);
}
