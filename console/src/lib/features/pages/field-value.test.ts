import { expect, test } from 'vitest';
import { fieldValues } from './field-value.ts';
import { featureField, newContent } from './policy-fields.ts';

const content = { ...newContent, features: ['messaging'], requireRoles: ['nurse', 'doc\u202Etor'] };

test('a switch and a feature are on or off, a list is its values, and what is not there has none', () => {
  expect(fieldValues(content, 'enabled')).toEqual(['on']);
  expect(fieldValues(content, featureField('messaging'))).toEqual(['on']);
  expect(fieldValues(content, featureField('voice_note'))).toEqual(['off']);
  expect(fieldValues(content, 'connectionType')).toEqual(['default']);
  expect(fieldValues(content, 'requireRoles')).toEqual(['nurse', 'doc⟨U+202E⟩tor']);
  expect(fieldValues(content, 'topics')).toEqual([]);
});
