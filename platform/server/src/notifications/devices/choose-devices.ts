// Chooses which of a user's devices are notified, by the policies of the messages. Whether their providers
// work is asked later.
import type { DeliveryPolicy } from '@belfry/protocol';
import type { Device } from '../../ports/stores/index.ts';

/**
 * The union over the policies: one notification stands for several messages, and each keeps its right to the
 * devices it names. A list of types is tried in order, the next only when the user has none of the one
 * before.
 */
export function chooseDevices(
  devices: readonly Device[],
  policies: readonly Pick<DeliveryPolicy, 'pushTo'>[],
): readonly Device[] {
  const chosen = new Set<Device>();
  for (const { pushTo } of policies) {
    if (pushTo === 'all') return devices;
    const type = pushTo.find((wanted) => devices.some(({ deviceType }) => deviceType === wanted));
    for (const device of devices) if (device.deviceType === type) chosen.add(device);
  }
  return devices.filter((device) => chosen.has(device));
}
