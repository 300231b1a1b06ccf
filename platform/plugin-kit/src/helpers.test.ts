// The small helpers that several providers share.
import { expect, test } from 'vitest';
import { asStrings, configJsonSchema, labelled, notifyIdOf, secret, secretPaths, z } from './index.ts';

test('the number of a notification is the same for the same key, positive, and fits 31 bits', () => {
  expect(notifyIdOf('c1')).toBe(notifyIdOf('c1'));
  expect(notifyIdOf('c1')).not.toBe(notifyIdOf('c2'));
  for (let key = 0; key < 1000; key += 1) {
    const id = notifyIdOf(`c${key}`);
    expect(id).toBeGreaterThanOrEqual(1);
    expect(id).toBeLessThanOrEqual(2 ** 31 - 1);
  }
});

test('data become strings: JSON where they are none, and nothing where JSON has no word', () => {
  const data = { text: 'a', list: [1, null], flag: true, half: '\uD800', no: undefined, run: () => 1 };
  expect(asStrings(data)).toEqual({ text: 'a', list: '[1,null]', flag: 'true', half: '\uFFFD' });
});

test('a label has both languages in the schema of the form, and keeps what was said before', () => {
  const schema = z.strictObject({
    key: labelled(secret(z.string()), { en: ['Key', 'From the account.'], zh: ['密钥', '在账户中。'] }),
    name: labelled(z.string().optional(), { en: ['Name'], zh: ['名称'] }),
  });
  expect(configJsonSchema(schema)).toMatchObject({
    properties: {
      key: { title: 'Key', description: 'From the account.', zh: { title: '密钥', description: '在账户中。' } },
      name: { title: 'Name', zh: { title: '名称' } },
    },
  });
  expect(secretPaths(schema)).toEqual([['key']]);
});
