// Sends notifications by Umeng U-Push (友盟): to phones in China over Umeng and the channels of their makers, to
// iOS and to HarmonyOS. Each platform is an application of its own there, with keys of its own.
import { createHash } from 'node:crypto';
import {
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  secret,
  z,
  type Outcome,
} from '@belfry/plugin-kit';
import { outcomeOf } from './outcome.ts';
import { pushOf } from './push.ts';

const key = z.string().regex(/^[0-9a-z]{16,40}$/i, 'must be 16 to 40 letters and digits');

function application(en: string, zh: string) {
  const keys = z.strictObject({
    appKey: labelled(key, {
      en: ['AppKey', `Of the ${en} application, in the console of U-Push.`],
      zh: ['AppKey', `${zh}应用，在 U-Push 后台查看。`],
    }),
    appMasterSecret: labelled(secret(key), {
      en: ['App Master Secret', 'In the same place.'],
      zh: ['App Master Secret', '与 AppKey 在同一页面。'],
    }),
  });
  return labelled(keys.optional(), { en: [en, `Keys of the ${en} application.`], zh: [zh, `${zh}应用的密钥。`] });
}

export default defineNotificationProvider({
  id: 'umeng',
  channel: 'push',
  displayName: 'Umeng U-Push',
  description: 'Notifications to phones in China over Umeng and the channels of their makers, to iOS and HarmonyOS.',
  texts: {
    zh: { displayName: '友盟推送（U-Push）', description: '通过友盟及各厂商通道向安卓手机推送，同时支持 iOS 和鸿蒙。' },
  },
  docsUrl: 'https://developer.umeng.com/docs/67966/detail/68343',
  config: z
    .strictObject({
      android: application('Android', '安卓'),
      ios: application('iOS', 'iOS'),
      harmony: application('HarmonyOS', '鸿蒙'),
      productionMode: labelled(z.boolean().default(true), {
        en: ['Production', 'Off: only the test devices of the console.'],
        zh: ['正式模式', '关闭时仅推送到后台登记的测试设备。'],
      }),
      channelProperties: labelled(z.record(z.string(), z.string().max(200)).optional(), {
        en: [
          'Channels of makers',
          'JSON, such as {"channel_activity":"com.example.MfrMessageActivity","vivo_category":"IM"}.',
        ],
        zh: ['厂商通道参数', 'JSON，例如 {"channel_activity":"com.example.MfrMessageActivity","vivo_category":"IM"}。'],
      }),
      baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://msgapi.umeng.com'), {
        en: ['Address', 'It is part of what is signed. Leave it, unless all calls go through a relay of yours.'],
        zh: ['地址', '参与签名；除非经过您自己的中转，否则无需修改。'],
      }),
    })
    .refine(({ android, ios, harmony }) => [android, ios, harmony].some((each) => each !== undefined), {
      path: ['android'],
      error: 'the keys of at least one application are needed',
    }),
  targetsAreSecret: true,
  target: z.strictObject({
    deviceToken: z.string().regex(/^[\w-]{20,200}$/, 'must be the device token of the U-Push SDK'),
    platform: z.enum(['android', 'ios', 'harmony']),
  }),
  limits: { titleChars: 50, bodyChars: 128, payloadBytes: 1300 },
  supports: { collapse: true, ttl: true, silent: true, badge: true, image: true },

  setup: ({ config, fetch, clock }) => ({
    async send(delivery, { signal }): Promise<Outcome> {
      const { platform } = delivery.device.target;
      const keys = config[platform];
      if (keys === undefined) return rejected('target_invalid', `no keys of ${platform} are configured`);
      const push = pushOf(delivery, { appKey: keys.appKey, style: config, nowMs: clock.now() });
      if (push === undefined) return rejected('payload', 'too long for Umeng');
      // These very bytes are signed, with the address before its query.
      const body = JSON.stringify(push);
      const url = new URL('/api/send', config.baseUrl);
      const sign = createHash('md5').update(`POST${url.href}${body}${keys.appMasterSecret}`).digest('hex');
      url.searchParams.set('sign', sign);
      try {
        const headers = { 'content-type': 'application/json' };
        return await outcomeOf(await fetch(url, { method: 'POST', headers, body, signal }), clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
    /** Umeng has no call that sends nothing. */
    check: () => ({ ok: true, detail: 'Umeng cannot be asked without a message' }),
  }),
});
