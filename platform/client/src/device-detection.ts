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
  { navigator = {}, screen }: DeviceHints,
  { keyValue, appVersion }: { keyValue: KeyValue; appVersion?: string | undefined },
): DeviceInfo {
  const { language = '', userAgent = '', maxTouchPoints = 0, userAgentData } = navigator;
  const has = (pattern: RegExp): boolean => pattern.test(userAgent);
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  const isPad = has(/iPad/) || (has(/Macintosh/) && maxTouchPoints > 1);
  return {
    id: deviceId(keyValue),
    type: deviceType(),
    platform: platform(),
    // The protocol takes language tags alone; `C` and the like of servers are none.
    ...(/^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(language) && { locale: language }),
    ...(appVersion !== undefined && { appVersion }),
  };

  function platform(): string {
    if (userAgentData?.platform) return userAgentData.platform;
    return isPad ? 'iOS' : (Object.entries(platforms).find(([name]) => userAgent.includes(name))?.[1] ?? 'web');
  }

  function deviceType(): DeviceType {
    if (userAgentData?.mobile || has(/iP(hone|od)/)) return 'mobile';
    if (isPad) return 'tablet';
    if (has(/Mobile/)) return 'mobile';
    if (platform() !== 'Android') return has(/Tablet/) ? 'tablet' : 'desktop';
    return screen && Math.min(screen.width, screen.height) < tabletFromPx ? 'mobile' : 'tablet';
  }
}

/** By the name in user agents, some of which have that of another beside their own: the first counts. */
const platforms = {
  iPhone: 'iOS',
  iPod: 'iOS',
  Android: 'Android',
  Mac: 'macOS',
  Windows: 'Windows',
  CrOS: 'Chrome OS',
  Linux: 'Linux',
  'Node.js': 'Node.js',
};

function deviceId(keyValue: KeyValue): string {
  const kept = keyValue.get(idKey);
  if (kept !== null && /^[\w.:@-]{1,128}$/.test(kept)) return kept;
  const id = randomId();
  keyValue.set(idKey, id);
  return id;
}

/** 128 random bits; `crypto.randomUUID` is there on secure pages alone. */
function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
