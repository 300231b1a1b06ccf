// What this browser keeps of its registration for pushes between two loads of the page. Lost, it is registered anew.
import type { Belfry } from '../types.ts';

export interface RememberedPush {
  deviceId: string;
  /** Of the service worker. */
  scope: string;
}

export function rememberedPush(belfry: Belfry): RememberedPush | undefined {
  try {
    const { deviceId, scope } = JSON.parse(localStorage.getItem(keyOf(belfry)) ?? '{}') as Partial<RememberedPush>;
    return deviceId === undefined || scope === undefined ? undefined : { deviceId, scope };
  } catch {
    // Storage is switched off, or holds what we did not write.
    return undefined;
  }
}

export function rememberPush(belfry: Belfry, remembered: RememberedPush): void {
  try {
    localStorage.setItem(keyOf(belfry), JSON.stringify(remembered));
  } catch {
    // Switched off or full: pushes come all the same.
  }
}

export function forgetPush(belfry: Belfry): void {
  try {
    localStorage.removeItem(keyOf(belfry));
  } catch {
    // Switched off: there is nothing to forget.
  }
}

function keyOf({ options }: Belfry): string {
  return `belfry:${options.app}:push`;
}
