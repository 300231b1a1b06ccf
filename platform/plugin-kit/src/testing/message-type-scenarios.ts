// Everything that is tried on a message type: the author's tables and, always, content that no schema may
// fail on.
import { isDeepStrictEqual } from 'node:util';
import { checkPlugin } from '../check-plugin.ts';
import { uploadReferencesSchema, type UploadReference } from '../upload-reference.ts';
import { senderWays } from '../message-type.ts';
import type { MessageSender, MessageType, Preview } from '../message-type.ts';
import type { Finding, Rule, Scenario } from './finding.ts';
import { manifestScenario } from './manifest-scenario.ts';
import type { PackageSource } from './manifest-scenario.ts';
import { sayThrown } from './provider-play.ts';

export interface MessageTypeTestOptions {
  /** Contents that may be sent. At least one. */
  readonly valid: readonly [unknown, ...unknown[]];
  /** Contents that may not, each with the path of what is wrong: `'text'`, or `['items', 0, 'url']`. */
  readonly invalid: readonly (readonly [content: unknown, path: string | readonly (string | number)[]])[];
  /** How contents read in a language. */
  readonly previews: readonly (readonly [content: unknown, locale: string, expected: Preview])[];
  /** Contents with senders, and whether these may send them. */
  readonly senders?: readonly (readonly [content: unknown, sender: MessageSender, expected: 'accepted' | 'refused'])[];
  /** Contents with the uploads that they refer to. */
  readonly uploads?: readonly (readonly [content: unknown, expected: readonly UploadReference[]])[];
  /** Stored content of an older version, and its upgraded form. */
  readonly upgrades?: readonly (readonly [from: number, content: unknown, expected: unknown])[];
  /**
   * The plugin's package.json: where it is, or what it says. testMessageType finds it above the test file.
   */
  readonly packageJson?: PackageSource;
}

/** A value that is no message type gets one scenario, which reports what is wrong with it. */
export function messageTypeScenarios(value: unknown, options: MessageTypeTestOptions): Scenario[] {
  const checked = checkPlugin(value);
  const problems = checked.ok ? [] : checked.problems;
  if (!checked.ok || checked.plugin.kind !== 'message-type') {
    if (checked.ok) problems.push('kind: is not a message type');
    return [scenario('shape', 'shape', () => problems)];
  }
  const type = checked.plugin;
  const { valid, invalid, previews, senders = [], uploads = [], upgrades = [] } = options;
  return [
    manifestScenario(type, options.packageJson),
    ...valid.map((content) => scenario('content', `takes ${brief(content)}`, () => problemsOfValid(type, content))),
    ...invalid.map(([content, path]) =>
      scenario('content', `refuses ${brief(content)} at ${String(path)}`, () => problemsOfInvalid(type, content, path)),
    ),
    scenario('content', 'content no schema may choke on', () => problemsOfNasty(type)),
    ...previews.map(([content, locale, expected]) =>
      scenario('preview', `preview of ${brief(content)} in ${locale}`, () => {
        const preview = type.preview(type.schema.parse(content), { locale });
        return isDeepStrictEqual({ ...preview }, { ...expected }) ? [] : [`was ${JSON.stringify(preview)}`];
      }),
    ),
    scenario('preview', 'preview in any language', () => valid.flatMap((content) => problemsOfPreviews(type, content))),
    scenario('accept', 'an answer for every way of sending', () => problemsOfAccept(type, valid[0])),
    ...senders.map(([content, sender, expected]) =>
      scenario('accept', `${brief(content)} by ${sender.userId} over ${sender.via} is ${expected}`, () => {
        const answer = type.accept?.({ type: type.id, content: type.schema.parse(content) }, sender) ?? true;
        return (answer === true) === (expected === 'accepted') ? [] : [`was ${JSON.stringify(answer)}`];
      }),
    ),
    scenario('uploads', 'uploads that are where it says', () =>
      valid.flatMap((content) => problemsOfUploads(type, content)),
    ),
    ...uploads.map(([content, expected]) =>
      scenario('uploads', `uploads of ${brief(content)}`, () => {
        const references = type.uploads?.(type.schema.parse(content)) ?? [];
        return isDeepStrictEqual(references, expected) ? [] : [`were ${JSON.stringify(references)}`];
      }),
    ),
    ...upgrades.map(([from, content, expected]) =>
      scenario('upgrade', `upgrade of ${brief(content)} from version ${from}`, () => {
        const upgraded = type.schema.parse(type.upgrade?.(from, content));
        return isDeepStrictEqual(upgraded, expected) ? [] : [`was ${JSON.stringify(upgraded)}`];
      }),
    ),
  ];
}

function problemsOfValid(type: MessageType, content: unknown): string[] {
  const before = structuredClone(content);
  const parsed = type.schema.safeParse(content);
  if (!parsed.success) return [`is refused: ${parsed.error.message}`];
  const problems: string[] = [];
  if (!isDeepStrictEqual(content, before)) problems.push('the schema changed what it was given');
  const stored: unknown = JSON.parse(JSON.stringify(parsed.data));
  const again = type.schema.safeParse(stored);
  if (!again.success || !isDeepStrictEqual(again.data, parsed.data)) {
    problems.push('what is stored is not read back as what was stored');
  }
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes > type.limits.bytes) problems.push(`takes ${bytes} bytes, over its own limit of ${type.limits.bytes}`);
  return problems;
}

function problemsOfInvalid(type: MessageType, content: unknown, path: string | readonly (string | number)[]): string[] {
  const parsed = type.schema.safeParse(content);
  if (parsed.success) return ['is taken'];
  const wanted = (typeof path === 'string' ? path.split('.').filter((part) => part !== '') : path).join('.');
  const paths = parsed.error.issues.map((issue) => issue.path.join('.'));
  return paths.includes(wanted) ? [] : [`is refused at ${paths.map((at) => `"${at}"`).join(', ')}`];
}

const noContents: readonly unknown[] = [undefined, null, true, 0, Number.NaN, 'text', [], [{}], () => ({})];
const hostileContents: readonly unknown[] = [
  {},
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`),
];

function problemsOfNasty(type: MessageType): string[] {
  const problems = noContents
    .filter((content) => type.schema.safeParse(content).success)
    .map((content) => `takes ${brief(content)}`);
  for (const content of hostileContents) type.schema.safeParse(content);
  if ('polluted' in {}) problems.push('lets content change the prototype of every object');
  return problems;
}

function problemsOfPreviews(type: MessageType, content: unknown): string[] {
  const parsed = type.schema.safeParse(content);
  if (!parsed.success) return [];
  return ['en', 'zh-CN', 'ar', '', 'no such language'].flatMap((locale) => {
    const { title, body } = type.preview(parsed.data, { locale });
    const isPreview = typeof body === 'string' && (title === undefined || typeof title === 'string');
    return isPreview ? [] : [`in "${locale}" it is ${JSON.stringify({ title, body })}`];
  });
}

function problemsOfAccept(type: MessageType, content: unknown): string[] {
  const parsed = type.schema.safeParse(content);
  if (!parsed.success || type.accept === undefined) return [];
  return senderWays.flatMap((via) => {
    const answer: unknown = type.accept?.({ type: type.id, content: parsed.data }, { userId: 'alice', via });
    const isAnswer = answer === true || typeof Reflect.get(Object(answer), 'refused') === 'string';
    return isAnswer ? [] : [`over ${via} it is ${JSON.stringify(answer)}, neither true nor { refused }`];
  });
}

function problemsOfUploads(type: MessageType, content: unknown): string[] {
  const stored = type.schema.safeParse(content);
  // A refused content is reported by another scenario.
  if (!stored.success || type.uploads === undefined) return [];
  const parsed = uploadReferencesSchema.safeParse(type.uploads(stored.data));
  if (!parsed.success) return [`of ${brief(content)} are no references: ${parsed.error.message}`];
  return parsed.data
    .filter(({ uploadId, path }) => partAt(stored.data, path) !== uploadId)
    .map(({ uploadId, path }) => `${uploadId} of ${brief(content)} is not at ${path.join('.')}`);
}

function partAt(content: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((part, step) => Reflect.get(Object(part), step), content);
}

function scenario(rule: Rule, name: string, problemsOf: () => string[]): Scenario {
  const found = (problem: string): Finding => ({ rule, scenario: name, problem });
  const run = async (): Promise<Finding[]> => {
    try {
      return problemsOf().map(found);
    } catch (error) {
      return [found(`threw ${sayThrown(error)}`)];
    }
  };
  return { name, run };
}

function brief(content: unknown): string {
  const hasNoJson = content === undefined || typeof content === 'function';
  const text = hasNoJson ? typeof content : JSON.stringify(content);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
