// Plants one defect after another in a message type that is otherwise sound, and expects the kit to name
// each.
import { expect, test } from 'vitest';
import { defineMessageType, z } from '../index.ts';
import type { MessageTypeDefinition } from '../index.ts';
import { checkMessageType } from './check-message-type.ts';
import type { MessageTypeTestOptions } from './message-type-scenarios.ts';

const schema = z.object({ text: z.string().min(1) });
type Definition = MessageTypeDefinition<z.ZodType<{ text: string }>>;

const sound: Definition = {
  id: 'sound',
  version: 2,
  schema,
  limits: { bytes: 100 },
  preview: ({ text }) => ({ body: text }),
  accept: (_draft, { via }) => (via === 'socket' ? { refused: 'not from there' } : true),
  upgrade: (_from, content) => ({ text: String(Reflect.get(Object(content), 'body')) }),
};

const picture = { uploadId: '018f0000-0000-7000-8000-000000000001', types: ['image/*'], path: ['text'] };
const fail = (): never => {
  throw new Error('no');
};

const options: MessageTypeTestOptions = {
  valid: [{ text: 'hello' }],
  invalid: [[{ text: '' }, 'text']],
  previews: [[{ text: 'hello' }, 'en', { body: 'hello' }]],
  senders: [
    [{ text: 'hello' }, { userId: 'alice', via: 'socket' }, 'refused'],
    [{ text: 'hello' }, { userId: 'alice', via: 'hook' }, 'accepted'],
  ],
  upgrades: [[1, { body: 'old' }, { text: 'old' }]],
  packageJson: { belfry: { kind: 'message-type', id: 'sound', api: '^1.0.0' } },
};

async function rulesBroken(plugin: unknown, given: Partial<MessageTypeTestOptions> = {}): Promise<string[]> {
  const findings = await checkMessageType(plugin, { ...options, ...given });
  return [...new Set(findings.map((finding) => finding.rule))].toSorted();
}

test('finds nothing wrong with a sound message type', async () => {
  expect(await checkMessageType(defineMessageType(sound), options)).toEqual([]);
});

test.each<[defect: string, change: Partial<Definition>, rules: string[]]>([
  ['refuses what is valid', { schema: schema.refine(() => false) }, ['accept', 'content', 'preview', 'upgrade']],
  ['takes what is invalid', { schema: z.object({ text: z.string() }) }, ['content']],
  ['takes an array', { schema: z.object({ text: z.string().min(1) }).catch({ text: 'x' }) }, ['content']],
  [
    'reads what it stored otherwise than it stored it',
    {
      schema: z.object({
        text: z
          .string()
          .min(1)
          .overwrite((text) => `${text}!`),
      }),
    },
    ['content', 'preview', 'upgrade'],
  ],
  ['takes more than its limit', { limits: { bytes: 5 } }, ['content']],
  [
    'throws in preview for a language',
    {
      preview: ({ text }, { locale }) => {
        const [name] = Intl.getCanonicalLocales(locale);
        return { body: name === undefined ? '' : text };
      },
    },
    ['preview'],
  ],
  ['gives no text as preview', { preview: () => ({ body: 7 as unknown as string }) }, ['preview']],
  ['lets anybody send', { accept: () => true }, ['accept']],
  ['refuses without a reason', { accept: () => false as unknown as true }, ['accept']],
  [
    'refers to an upload by something else than its id',
    { uploads: () => [{ ...picture, uploadId: 'a.png' }] },
    ['uploads'],
  ],
  ['refers to an upload that its content does not hold', { uploads: () => [picture] }, ['uploads']],
  ['throws where it names uploads', { uploads: () => fail() }, ['uploads']],
  ['upgrades to something else', { upgrade: () => ({ text: 'new' }) }, ['upgrade']],
  ['upgrades to what the schema refuses', { upgrade: () => ({}) }, ['upgrade']],
])('names the defect of a message type that %s', async (_defect, change, rules) => {
  expect(await rulesBroken(defineMessageType({ ...sound, ...change }))).toEqual(rules);
});

test("takes references that are where they say, and holds them against the author's table", async () => {
  const refers = defineMessageType({ ...sound, uploads: ({ text }) => [{ ...picture, uploadId: text }] });
  const content = { text: picture.uploadId };
  const given = { valid: [content] as const, uploads: [[content, [picture]]] as const };
  expect(await checkMessageType(refers, { ...options, ...given })).toEqual([]);
  expect(await rulesBroken(refers, { ...given, uploads: [[content, []]] })).toEqual(['uploads']);
});

test('names what is no message type, and what disagrees with its manifest or its paths', async () => {
  expect(await rulesBroken({})).toEqual(['shape']);
  expect(await rulesBroken(defineMessageType(sound), { packageJson: { belfry: { id: 'other' } } })).toEqual([
    'manifest',
  ]);
  expect(await rulesBroken(defineMessageType(sound), { invalid: [[{ text: '' }, 'txt']] })).toEqual(['content']);
});
