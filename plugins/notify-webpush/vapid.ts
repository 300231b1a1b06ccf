// The form of a VAPID configuration, and the check that its two keys belong together. web-push signs with
// them.
import { createECDH } from 'node:crypto';
import { labelled, secret, z } from '@belfry/plugin-kit';

/** Base64url without padding, as browsers and every VAPID tool write keys. */
const base64url = /^[A-Za-z0-9_-]+$/;
const publicKeyBytes = 65;
const privateKeyBytes = 32;
/** Each is a call more to a browser whose key is not known yet. */
const mostEarlier = 3;

export const notOnePair = 'does not belong to the public key';

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
      'Of the pair that `belfry vapid` prints. Browsers subscribe with it. Before a new one, move this pair to the earlier ones.',
    ],
    zh: ['公钥', '由 `belfry vapid` 生成，浏览器用它订阅。更换之前，请先将当前密钥对移到“旧密钥对”。'],
  }),
  privateKey: labelled(secret(keySchema(privateKeyBytes)), {
    en: ['Private key', 'The other half of the pair.'],
    zh: ['私钥', '密钥对的另一半。'],
  }),
  previousKeys: labelled(z.array(earlierPair()).max(mostEarlier).optional(), {
    en: [
      'Earlier pairs',
      'Browsers that subscribed with one of these are pushed with it until they have the newest. Without it they are removed.',
    ],
    zh: ['旧密钥对', '用旧密钥订阅的浏览器在换用新密钥之前继续用它推送；删除后，这些设备会被移除。'],
  }),
};

function earlierPair() {
  return z
    .strictObject({
      publicKey: labelled(keySchema(publicKeyBytes), { en: ['Public key'], zh: ['公钥'] }),
      privateKey: labelled(secret(keySchema(privateKeyBytes)), { en: ['Private key'], zh: ['私钥'] }),
    })
    .refine(isPair, { path: ['privateKey'], error: notOnePair });
}

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
