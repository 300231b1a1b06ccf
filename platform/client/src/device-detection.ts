// The kind of this device, and its id, which stays. Asked of the browser by features; the user agent's name
// is the last resort.
import type { DeviceInfo, DeviceType, KeyValue } from './types.ts';

/**
 * The features that are asked, as far as they are there. Node has a `navigator` of its own, with a user agent
 * and little else.
 */
export interface DeviceHints {
  navigator?: {
    userAgent?: string;
    maxTouchPoints?: number;
    language?: string;
    userAgentData?: { mobile?: boolean; platform?: string };
  };
  /** CSS pixels. */
  screen?: { width: number; height: number };
}

/**
 * Smaller than this on its short side, CSS pixels, is held in one hand: phones stay below, the smallest
 * tablets are 600.
 */
const tabletFromPx = 600;

const idKey = 'belfry:device';

export function detectDevice(
  hints: DeviceHints,
  { keyValue, appVersion }: { keyValue: KeyValue; appVersion?: string | undefined },
): DeviceInfo {
  const { navigator = {} } = hints;
  const { language } = navigator;
  return {
    id: deviceId(keyValue),
    type: deviceType(hints),
    platform: platformOf(hints),
    // The protocol takes language tags alone; `C` and the like of servers are none.
    ...(language !== undefined && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language) ? { locale: language } : {}),
    ...(appVersion === undefined ? {} : { appVersion }),
  };
}

function deviceType({ navigator = {}, screen }: DeviceHints): DeviceType {
  const { userAgent = '', maxTouchPoints = 0, userAgentData } = navigator;
  if (userAgentData?.mobile === true || /iPhone|iPod/.test(userAgent)) return 'mobile';
  const isAndroid = userAgentData?.platform === 'Android' || userAgent.includes('Android');
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  if (userAgent.includes('iPad') || (userAgent.includes('Macintosh') && maxTouchPoints > 1)) return 'tablet';
  if (userAgent.includes('Mobile')) return 'mobile';
  if (!isAndroid) return userAgent.includes('Tablet') ? 'tablet' : 'desktop';
  return screen !== undefined && Math.min(screen.width, screen.height) < tabletFromPx ? 'mobile' : 'tablet';
}

const platforms: readonly [RegExp, string][] = [
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'Chrome OS'],
  [/Linux/, 'Linux'],
  [/Node\.js/, 'Node.js'],
];

function platformOf({ navigator = {} }: DeviceHints): string {
  const { userAgent = '', maxTouchPoints = 0, userAgentData } = navigator;
  if (userAgentData?.platform) return userAgentData.platform;
  if (userAgent.includes('Macintosh') && maxTouchPoints > 1) return 'iOS';
  return platforms.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'web';
}

function deviceId(keyValue: KeyValue): string {
  const kept = keyValue.get(idKey);
  if (kept !== null && /^[A-Za-z0-9._:@-]{1,128}$/.test(kept)) return kept;
  const id = randomId();
  keyValue.set(idKey, id);
  return id;
}

/** 128 random bits; `crypto.randomUUID` is there on secure pages alone. */
function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
