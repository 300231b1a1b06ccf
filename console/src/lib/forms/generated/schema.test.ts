import { expect, test } from 'vitest';
import { fieldsOfSchema, filledIn, missingIn } from './schema.ts';

const card = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    body: { type: 'string', maxLength: 4000, description: 'More of it.' },
    url: { type: 'string', maxLength: 2000, format: 'uri' },
    seconds: { type: 'integer', minimum: 1, maximum: 60 },
    isUrgent: { type: 'boolean' },
    tone: { type: 'string', enum: ['good', 'bad'] },
    fields: {
      type: 'array',
      maxItems: 20,
      items: { type: 'object', properties: { label: { type: 'string', maxLength: 9 } } },
    },
    levels: { type: 'array', items: { type: 'integer' } },
    params: { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    mixed: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
  required: ['title', 'seconds'],
};

test('each sort of value has its field, and what has none is filled in as JSON', () => {
  const fields = fieldsOfSchema(card) ?? [];
  expect(Object.fromEntries(fields.map(({ name, form }) => [name, form]))).toEqual({
    title: { type: 'text', isLong: false, maxLength: 200 },
    body: { type: 'text', isLong: true, maxLength: 4000 },
    url: { type: 'text', isLong: false, maxLength: 2000 },
    seconds: { type: 'number', isWhole: true, min: 1, max: 60 },
    isUrgent: { type: 'flag' },
    tone: { type: 'choice', options: ['good', 'bad'] },
    fields: {
      ...{ type: 'list', most: 20 },
      item: {
        type: 'object',
        fields: [
          { name: 'label', title: 'label', isRequired: false, form: { type: 'text', isLong: false, maxLength: 9 } },
        ],
      },
    },
    levels: { type: 'list', item: { type: 'number', isWhole: true } },
    params: { type: 'json' },
    mixed: { type: 'json' },
  });
  expect(fields.filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual(['title', 'seconds']);
  expect(fields[1]?.help).toBe('More of it.');
  expect(fieldsOfSchema({ type: 'string' })).toBeUndefined();
});

test('a schema that holds itself ends', () => {
  const self: Record<string, unknown> = { type: 'object' };
  self['properties'] = { child: self };
  expect(JSON.stringify(fieldsOfSchema(self)).match(/child/g)?.length).toBeLessThan(20);
});

test('what was left empty is not sent, and what is required is missed', () => {
  const fields = fieldsOfSchema(card) ?? [];
  const value = {
    title: '',
    body: 'x',
    fields: [{ label: '' }, { label: 'a' }],
    levels: [],
    isUrgent: false,
    seconds: 0,
  };
  expect(filledIn(value)).toEqual({ body: 'x', fields: [{ label: 'a' }], isUrgent: false, seconds: 0 });
  expect(filledIn({ title: '' })).toBeUndefined();
  expect(missingIn(fields, value)).toEqual(['title']);
  expect(missingIn(fields, { title: 'T', seconds: 1 })).toEqual([]);
});

test('names that every object has are names like others', () => {
  const fields =
    fieldsOfSchema({ type: 'object', properties: { constructor: { type: 'string' } }, required: ['constructor'] }) ??
    [];
  expect(missingIn(fields, {})).toEqual(['constructor']);
});
