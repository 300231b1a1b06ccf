// The message type for places: its contents, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const place = { latitude: 31.2304, longitude: 121.4737 };

testMessageType(plugin, {
  valid: [
    { latitude: -90, longitude: 180 },
    { ...place, accuracyMetres: 12.5, name: '人民广场', address: '上海市黄浦区' },
  ],
  invalid: [
    [{ longitude: 0 }, 'latitude'],
    [{ latitude: 90.1, longitude: 0 }, 'latitude'],
    [{ latitude: 0, longitude: -180.1 }, 'longitude'],
    [{ latitude: '31', longitude: 0 }, 'latitude'],
    [{ latitude: Number.NaN, longitude: 0 }, 'latitude'],
    [{ ...place, accuracyMetres: -1 }, 'accuracyMetres'],
    [{ ...place, name: '  ' }, 'name'],
    [{ ...place, url: 'https://maps.example' }, ''],
  ],
  previews: [
    [place, 'en', { body: '[Location]' }],
    [{ ...place, name: '人民广场', address: 'x' }, 'zh-CN', { body: '[位置] 人民广场' }],
    [{ ...place, address: '1 High\nStreet' }, 'en', { body: '[Location] 1 High Street' }],
  ],
});
