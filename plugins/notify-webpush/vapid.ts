// The form of a VAPID configuration, and the check that its two keys belong together. web-push signs with
// them.
import { createECDH } from 'node:crypto';
import { labelled, secret, z } from '@belfry/plugin-kit';

/** Base64url without padding, as browsers and every VAPID tool write keys. */
const base64url = /^[A-Za-z0-9_-]+$/;
const publicKeyBytes = 65;
const privateKeyBytes = 32;

/** RFC 8292, 2.1: the address that a push service may write to when something is wrong. */
const subjectSchema = z
  .string()
  .max(256)
  .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be mailto: and an address, or an https address');

export const vapidSchema = {
  subject: labelled(subjectSchema, {
    en: [
      'Contact',
      'mailto:you@example.com, or an https address: where push services reach you. mailto: is the safe choice.',
    ],
    zh: ['联系方式', 'mailto:you@example.com 或 https 地址，供推送服务联系您；建议使用 mailto:。'],
  }),
  publicKey: labelled(keySchema(publicKeyBytes), {
    en: [
      'Public key',
      'Of the pair that `belfry vapid` prints. Browsers subscribe with it; a new one makes all subscriptions void.',
    ],
    zh: ['公钥', '由 `belfry vapid` 生成。浏览器用它订阅；更换后所有订阅都会失效。'],
  }),
  privateKey: labelled(secret(keySchema(privateKeyBytes)), {
    en: ['Private key', 'The other half of the pair.'],
    zh: ['私钥', '密钥对的另一半。'],
  }),
};

/** Otherwise the mistake would be found only when a push service refuses the first push. */
export function isPair({ publicKey, privateKey }: { publicKey: string; privateKey: string }): boolean {
  try {
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(privateKey, 'base64url');
    return curve.getPublicKey('base64url') === publicKey;
  } catch {
    return false;
  }
}

function keySchema(bytes: number) {
  return z
    .string()
    .regex(base64url, 'must be base64url without padding')
    .refine((text) => Buffer.from(text, 'base64url').length === bytes, `must be ${bytes} bytes in base64url`);
}
