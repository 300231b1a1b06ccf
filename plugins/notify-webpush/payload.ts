// The texts that a push to a browser may have, the longest first: all of it, and a shorter one for a push service
// that takes less than the others. Encrypting and sending it is index.ts.
import { cutText } from '@belfry/plugin-kit';

/**
 * Every push service takes this many encrypted bytes (RFC 8030, 7.2); aes128gcm with one record adds 103 (RFC
 * 8188, 8291).
 */
export const plainBytes = 4096 - 103;
/** Firefox on Android was seen to take 2,847 bytes and no more (bpolaszek/webpush-bundle#48). */
const fewBytes = 2500;

/** The fields that are shortened; what else there is stays as it is. */
type Payload = Readonly<Record<string, unknown>> & { body?: string; imageUrl?: string | undefined };

/** At most two; none where it is too long for every push service. */
export function textsOf(payload: Payload): readonly string[] {
  const bare = { ...payload, imageUrl: undefined };
  const whole = [payload, bare].map((each) => JSON.stringify(each)).find((text) => fits(text, plainBytes));
  if (whole === undefined) return [];
  const short = fits(whole, fewBytes) ? undefined : shortened(bare);
  return short === undefined ? [whole] : [whole, short];
}

/** As much of its text as fits; undefined where it is too long without any. */
function shortened({ body = '', ...rest }: Payload): string | undefined {
  const textWith = (chars: number) => JSON.stringify({ ...rest, body: cutText(body, chars) });
  if (!fits(textWith(0), fewBytes)) return undefined;
  let [fitting, tooMany] = [0, body.length + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(textWith(middle), fewBytes)) fitting = middle;
    else tooMany = middle;
  }
  return textWith(fitting);
}

function fits(text: string, bytes: number): boolean {
  return Buffer.byteLength(text) <= bytes;
}
