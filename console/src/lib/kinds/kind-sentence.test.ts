import { describe, expect, test } from 'vitest';
import { inLanguage } from '#lib/texts/test/in-language.fixture.ts';
import { fieldsOf, newKind, type KindFields } from './kind-fields.ts';
import { kindSentences, pushInWords } from './kind-sentence.ts';

const fields = (change: Partial<KindFields>): KindFields => ({ ...fieldsOf('lab', newKind), ...change });
const cases: [string, Partial<KindFields>, string[], string[]][] = [
  [
    'the usual',
    {},
    [
      'Reaches every device of the users that are named at once.',
      'It waits in the inbox of whoever is away.',
      'Whoever has not seen it after the app’s waiting time gets a push, on all their push targets.',
      'In quiet hours it waits, and mutes hold it back.',
      'A push that is older than 1 day is given up.',
    ],
    [
      '立即送达指定的用户的所有设备。',
      '不在线的人可之后在收件箱中读取。',
      '超过应用的等待时间仍未看到的人会收到推送，发往其所有推送设备。',
      '免打扰时段内会延后，静音的人不会收到推送。',
      '超过1天的推送会被放弃。',
    ],
  ],
  [
    'an alarm that wakes people',
    {
      ...{ audience: 'conversation', durable: 'conversation', waitMs: 5000, respectPreferences: false },
      ...{ pushTo: 'some', pushToTypes: ['mobile', 'desktop'], ttlSeconds: 3600 },
    },
    [
      'Reaches every device of everybody in the conversation at once.',
      'It stays in the conversation.',
      'Whoever has not seen it after 5 seconds gets a push, on their mobile, else desktop.',
      'It wakes people at night: mutes and quiet hours do not count.',
      'A push that is older than 1 hour is given up.',
    ],
    [
      '立即送达会话中的所有人的所有设备。',
      '内容保存在会话中。',
      '5秒钟后仍未看到的人会收到推送，发往其手机，否则桌面。',
      '会在夜间打扰用户：静音和免打扰均不生效。',
      '超过1小时的推送会被放弃。',
    ],
  ],
  [
    'what only the connected get',
    { audience: 'topic', realtime: 'some', realtimeTypes: ['mobile', 'tablet'] },
    [
      'Reaches whoever listens to the topic at once, on mobile and tablet alone.',
      'It is kept nowhere: who is away never gets it.',
      'Nobody gets a push.',
    ],
    ['立即送达订阅该主题的用户，仅限手机和平板。', '不会保存：不在线的人永远收不到。', '不会发送推送。'],
  ],
  [
    'a kind that does nothing',
    { realtime: 'none', push: 'never' },
    ['Reaches nobody: it goes to no device at once, and is never pushed.'],
    ['不会到达任何人：既不立即送达任何设备，也从不推送。'],
  ],
];

describe.each([
  ['en', 'en-GB'],
  ['zh', 'zh-CN'],
] as const)('in %s', (locale, tag) => {
  inLanguage(locale);

  test.each(cases)('%s is said in sentences', (_name, change, en, zh) => {
    expect(kindSentences(fields(change), tag)).toEqual(locale === 'en' ? en : zh);
  });
});

test('a column says what differs from the usual', () => {
  expect(pushInWords(fields({}), 'en')).toBe('when not delivered');
  const alarm = fields({ push: 'always', priority: 'high', ttlSeconds: 7200, respectPreferences: false });
  expect(pushInWords(alarm, 'en')).toBe('always, high, 2 hours, at night too');
  expect(pushInWords(fields({ durable: 'none' }), 'en')).toBe('never');
});
