// A registered device as its provider sees it. Not which devices are sent to.
import type { DeliveryDevice } from '@belfry/plugin-kit';
import type { Device } from '../../ports/stores/index.ts';

export function deliveryDeviceOf({ id, deviceType: type, target, locale, timeZone }: Device): DeliveryDevice {
  const { platform } = target;
  return { id, type, target, locale, timeZone, ...(typeof platform === 'string' ? { platform } : {}) };
}

/** The service's own name of what the device was sent last under this key. */
export function shownOn({ shown = [] }: Device, collapseKey: string): string | undefined {
  return shown.find((each) => each.collapseKey === collapseKey)?.messageId;
}
