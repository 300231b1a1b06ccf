// `belfry vapid`: prints a new pair of VAPID keys (RFC 8292), ready to be pasted into a provision file. Their
// use is the plugin's.
import { createECDH } from 'node:crypto';
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

/** RFC 8292, 2.1: push services reach the operator there. */
const subjectForm = /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/;

export async function vapid(subject: string, { out, err }: Pick<Surroundings, 'out' | 'err'>): Promise<number> {
  if (!subjectForm.test(subject)) {
    err(`--subject: must be an address that begins with mailto: or https:, not ${subject}`);
    return exitCodes.configuration;
  }
  const curve = createECDH('prime256v1');
  const publicKey = curve.generateKeys('base64url');
  // A key that begins with zeros comes out shorter, and push services want all 32 bytes.
  const privateKey = Buffer.concat([Buffer.alloc(32), curve.getPrivateKey()])
    .subarray(-32)
    .toString('base64url');
  out(`providers:
  - id: browsers
    plugin: webpush
    config:
      subject: ${JSON.stringify(subject)}
      publicKey: ${publicKey}
      privateKey: ${privateKey}`);
  return exitCodes.done;
}
