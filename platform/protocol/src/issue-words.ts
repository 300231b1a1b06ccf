// The words for what is wrong with a value: one plain sentence per sort of complaint of a schema, so that
// nobody reads those of the library. Which complaint is reported, and where: parse.ts.
import type * as z from 'zod';

type Issue = z.core.$ZodRawIssue;
type Code = z.core.$ZodIssue['code'];
type IssueOf<C extends Code> = Extract<Issue, { code: C }>;

/** Hand this to `safeParse` wherever people read what is wrong. A schema's own message comes first. */
export const inWords = {
  error: (issue: Issue): string => sentenceOf(issue),
};

/** Of what is not there at all. */
export const required = 'is required';

function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'too_small':
      return bound('at least', issue.minimum, issue);
    case 'too_big':
      return bound('at most', issue.maximum, issue);
    case 'invalid_format':
      return `must be ${formats.get(issue.format) ?? 'written in its own form'}`;
    case 'invalid_value':
      return issue.input === undefined ? required : oneOf(issue.values);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'is an unknown field';
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'has an entry that is not allowed';
    case 'invalid_union':
      return 'fits none of the forms that it may have';
    default:
      return 'is not valid';
  }
}

const types: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
  ['null', 'null'],
  ['date', 'a date'],
]);

const formats: ReadonlyMap<string, string> = new Map([
  ['uuid', 'a UUID'],
  ['guid', 'a UUID'],
  ['datetime', 'a time such as 2026-01-31T12:00:00.000Z'],
  ['date', 'a date such as 2026-01-31'],
  ['time', 'a time of day such as 22:00'],
  ['url', 'a URL'],
  ['email', 'an email address'],
  ['ipv4', 'an IPv4 address'],
  ['ipv6', 'an IPv6 address'],
  ['base64', 'base64'],
  ['base64url', 'base64url'],
  ['jwt', 'a JSON Web Token'],
]);

function wrongType({ expected, input }: IssueOf<'invalid_type'>): string {
  if (input === undefined) return required;
  const wanted = types.get(expected) ?? 'of another type';
  return `must be ${wanted}, not ${typeOf(input)}`;
}

function typeOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (Number.isNaN(input)) return 'a value that is no number';
  return types.get(typeof input) ?? 'such a value';
}

interface Bounded {
  origin: string;
  inclusive?: boolean;
}

function bound(word: string, limit: number | bigint, { origin, inclusive }: Bounded): string {
  const unit = units.get(origin);
  if (unit !== undefined) return `must have ${word} ${limit} ${limit === 1 ? unit[0] : unit[1]}`;
  if (inclusive === false) return `must be ${word === 'at least' ? 'more' : 'less'} than ${limit}`;
  return `must be ${word} ${limit}`;
}

const units: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['string', ['character', 'characters']],
  ['array', ['entry', 'entries']],
  ['set', ['entry', 'entries']],
  ['map', ['entry', 'entries']],
  ['object', ['field', 'fields']],
  ['file', ['byte', 'bytes']],
]);

function oneOf(values: readonly unknown[]): string {
  const [first] = values;
  return values.length === 1 ? `must be ${String(first)}` : `must be one of ${values.map(String).join(', ')}`;
}
