// Sends notifications by the Apple Push Notification service, with the key of a developer account. Each
// delivery is one call over HTTP/2; the host keeps the connection.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  secret,
  z,
  type Outcome,
} from '@belfry/plugin-kit';
import { isKey, ProviderToken } from './key.ts';
import { failedCheck, outcomeOf, reasonOf } from './outcome.ts';
import { clearingOf, pushOf, type ApplePush } from './payload.ts';

const hosts = { production: 'https://api.push.apple.com', sandbox: 'https://api.sandbox.push.apple.com' } as const;
type Environment = keyof typeof hosts;
const environments = Object.keys(hosts) as [Environment, ...Environment[]];
const bundleId = z.string().regex(/^[A-Za-z0-9.-]{1,155}$/, 'must be a bundle id such as com.example.app');

/** In the form of a device token, and nobody's. */
const noDevice = '0'.repeat(64);

export default defineNotificationProvider({
  id: 'apns',
  channel: 'push',
  displayName: 'Apple Push Notification service',
  description: 'Notifications to iPhone, iPad, Mac and Apple Watch, without anybody between.',
  texts: {
    zh: { displayName: 'Apple 推送（APNs）', description: '直接向 iPhone、iPad、Mac 和 Apple Watch 发送通知。' },
  },
  docsUrl: 'https://developer.apple.com/documentation/usernotifications',
  config: z.strictObject({
    keyId: labelled(z.string().regex(/^[A-Z0-9]{10}$/, 'must be 10 letters and digits'), {
      en: ['Key ID', 'Apple Developer, Certificates, Identifiers & Profiles, Keys.'],
      zh: ['密钥 ID', 'Apple Developer → 证书、标识符和描述文件 → 密钥。'],
    }),
    teamId: labelled(z.string().regex(/^[A-Z0-9]{10}$/, 'must be 10 letters and digits'), {
      en: ['Team ID', 'Apple Developer, Membership details.'],
      zh: ['团队 ID', 'Apple Developer → 会员资格详细信息。'],
    }),
    privateKey: labelled(secret(z.string().max(2000).refine(isKey, 'must be the text of the .p8 file')), {
      en: ['Key', 'The text of the .p8 file, which Apple lets you download once.'],
      zh: ['密钥内容', '.p8 文件的全部文本，Apple 只允许下载一次。'],
    }),
    topic: labelled(bundleId, {
      en: ['Bundle ID', 'Of the app, such as com.example.app. A device may name another.'],
      zh: ['Bundle ID', '应用的标识，例如 com.example.app；设备可以指定其他标识。'],
    }),
    environment: labelled(z.enum(environments).default('production'), {
      en: ['Environment', '`sandbox` for apps that Xcode installs. A device may name its own.'],
      zh: ['环境', '由 Xcode 安装的应用使用 `sandbox`；设备可以自行指定。'],
    }),
    interruptionLevels: labelled(z.boolean().default(true), {
      en: ['Interruption levels', 'Urgent notifications break through Focus where the app has the entitlement.'],
      zh: ['打扰级别', '若应用有相应权限，紧急通知可突破专注模式。'],
    }),
    sound: labelled(z.string().min(1).max(100).default('default'), {
      en: ['Sound', '`default`, or the name of a sound file in the app.'],
      zh: ['声音', '`default`，或应用内声音文件的名称。'],
    }),
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).optional(), {
      en: ['Address', 'In place of both of Apple’s, for a relay of yours. Leave it empty.'],
      zh: ['地址', '替代 Apple 的两个地址，仅用于您自己的中转；通常留空。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    token: z
      .string()
      .regex(/^(?:[0-9a-f]{2}){8,100}$/i, 'must be the bytes of a device token in hexadecimal')
      .toLowerCase(),
    environment: z.enum(environments).optional(),
    topic: bundleId.optional(),
    platform: z.string().max(20).optional(),
  }),
  limits: { payloadBytes: 3300 },
  supports: { collapse: true, ttl: true, priority: true, silent: true, clear: true, badge: true, image: true },

  setup(ctx) {
    const { config, clock, fetch } = ctx;
    const providerToken = new ProviderToken(ctx);

    async function call(
      to: { token: string; topic: string; environment: Environment; id?: string },
      push: ApplePush,
      signal: AbortSignal,
    ) {
      const bearer = await providerToken.get(signal);
      const response = await fetch(new URL(`/3/device/${to.token}`, config.baseUrl ?? hosts[to.environment]), {
        method: 'POST',
        headers: {
          ...push.headers,
          authorization: `bearer ${bearer}`,
          'apns-topic': to.topic,
          ...(to.id === undefined ? {} : { 'apns-id': to.id }),
          'content-type': 'application/json',
        },
        body: push.body,
        signal,
      });
      const reason = await reasonOf(response);
      const isTokenOld = reason === 'ExpiredProviderToken' && providerToken.expired(bearer);
      return { response, reason, isTokenOld, nowMs: clock.now() };
    }

    async function deliver(
      { device, id }: { device: { target: Target }; id: string },
      push: ApplePush,
      signal: AbortSignal,
    ): Promise<Outcome> {
      const { token, topic = config.topic, environment } = device.target;
      const at = (where: Environment) => call({ token, topic, environment: where, id }, push, signal);
      try {
        let answer = await at(environment ?? config.environment);
        // Apps of both kinds may register, and the token does not show which it is.
        if (answer.reason === 'BadDeviceToken' && environment === undefined && config.baseUrl === undefined) {
          const other = await at(config.environment === 'production' ? 'sandbox' : 'production');
          // A key may be good for one environment alone, which says nothing against it.
          if (other.response.status !== 403) answer = other;
        }
        return outcomeOf({ ...answer, hasOwnTopic: device.target.topic !== undefined });
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }

    return {
      send(delivery, { signal }) {
        const push = pushOf(delivery.notification, clock.now(), config);
        return push === undefined ? rejected('payload', 'longer than 4,096 bytes') : deliver(delivery, push, signal);
      },
      clear: (clearing, { signal }) => deliver(clearing, clearingOf(clearing, clock.now()), signal),
      /** To a device that there is not: Apple says so only to who may send to the app. */
      async check({ signal }) {
        const { topic, environment } = config;
        const nobody = { token: noDevice, topic, environment };
        const push = {
          headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
          body: '{"aps":{"content-available":1}}',
        };
        try {
          const answer = await call(nobody, push, signal);
          const isKnown = answer.reason === 'BadDeviceToken' || answer.reason === 'Unregistered';
          return checkResultOf(isKnown ? accepted() : outcomeOf({ ...answer, hasOwnTopic: false }));
        } catch (error) {
          return failedCheck(error);
        }
      },
    };
  },
});

interface Target {
  token: string;
  environment?: Environment | undefined;
  topic?: string | undefined;
}
