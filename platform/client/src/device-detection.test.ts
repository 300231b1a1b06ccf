import { expect, test } from 'vitest';
import { detectDevice, type DeviceHints } from './device-detection.ts';
import type { KeyValue } from './types.ts';

function createKeyValue(): KeyValue {
  const stored = new Map<string, string>();
  return {
    get: (key) => stored.get(key) ?? null,
    set: (key, value) => void stored.set(key, value),
    remove: (key) => void stored.delete(key),
  };
}

const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0';
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0';

test.each<[string, DeviceHints, string, string]>([
  [
    'iPhone',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${apple} Mobile/15E148 Safari/604.1`,
        maxTouchPoints: 5,
      },
    },
    'mobile',
    'iOS',
  ],
  [
    'iPad, which says that it is a Macintosh',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Safari/605.1.15`,
        maxTouchPoints: 5,
      },
    },
    'tablet',
    'iOS',
  ],
  [
    'an old iPad',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ${apple} Mobile/15E148 Safari/604.1`,
        maxTouchPoints: 5,
      },
    },
    'tablet',
    'iOS',
  ],
  [
    'a Macintosh',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Safari/605.1.15`,
        maxTouchPoints: 0,
      },
    },
    'desktop',
    'macOS',
  ],
  [
    'Chrome on an Android phone',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`,
        maxTouchPoints: 5,
        userAgentData: { mobile: true, platform: 'Android' },
      },
      screen: { width: 412, height: 915 },
    },
    'mobile',
    'Android',
  ],
  [
    'Chrome on an Android tablet',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Safari/537.36`,
        maxTouchPoints: 10,
        userAgentData: { mobile: false, platform: 'Android' },
      },
      screen: { width: 1280, height: 800 },
    },
    'tablet',
    'Android',
  ],
  [
    'an Android phone that asks for desktop pages',
    {
      navigator: { userAgent: `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Safari/537.36`, maxTouchPoints: 5 },
      screen: { width: 412, height: 915 },
    },
    'mobile',
    'Android',
  ],
  [
    'Firefox on an Android tablet',
    {
      navigator: {
        userAgent: 'Mozilla/5.0 (Android 15; Tablet; rv:150.0) Gecko/150.0 Firefox/150.0',
        maxTouchPoints: 5,
      },
    },
    'tablet',
    'Android',
  ],
  [
    'a Windows laptop with a touch screen',
    {
      navigator: {
        userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`,
        maxTouchPoints: 10,
        userAgentData: { mobile: false, platform: 'Windows' },
      },
      screen: { width: 1920, height: 1080 },
    },
    'desktop',
    'Windows',
  ],
  [
    'Linux',
    { navigator: { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0' } },
    'desktop',
    'Linux',
  ],
  ['Node', { navigator: { userAgent: 'Node.js/24' } }, 'desktop', 'Node.js'],
  ['nothing that says anything', {}, 'desktop', 'web'],
])('%s', (_name, hints, type, platform) => {
  expect(detectDevice(hints, { keyValue: createKeyValue() })).toMatchObject({ type, platform });
});

test('the id stays where it can be kept, and one that the protocol would refuse is replaced', () => {
  const keyValue = createKeyValue();
  const { id } = detectDevice({}, { keyValue });
  expect(id).toMatch(/^\d+(-\d+){3}$/);
  expect(detectDevice({}, { keyValue }).id).toBe(id);
  keyValue.set('belfry:device', '');
  expect(detectDevice({}, { keyValue }).id).toMatch(/^\d+(-\d+){3}$/);
});

test('the locale is given where it is one', () => {
  const locale = (language: string): unknown =>
    detectDevice({ navigator: { language } }, { keyValue: createKeyValue() }).locale;
  expect([locale('zh-CN'), locale('en-US-x-private'), locale('C.UTF-8')]).toEqual([
    'zh-CN',
    'en-US-x-private',
    undefined,
  ]);
});
