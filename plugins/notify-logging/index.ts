// Writes each notification into the server's log, for trials and for installations that have configured no
// provider. Sends nothing.
import { accepted, defineNotificationProvider, z } from '@belfry/plugin-kit';

export default defineNotificationProvider({
  id: 'logging',
  channel: 'push',
  displayName: 'Log',
  description: 'Writes each notification into the log of the server. It reaches no device: for trials and development.',
  texts: { zh: { displayName: '日志', description: '将每条通知写入服务器日志，不会送达任何设备：用于试用和开发。' } },
  config: z.strictObject({}),
  // In a trial, devices are registered for the provider that will follow, so any target is accepted. It is
  // never logged: it is a credential of that provider.
  target: z.looseObject({}),
  supports: { collapse: true, ttl: true, silent: true, priority: true, clear: true },
  setup: ({ log }) => ({
    send({ userId, device, notification }) {
      const { title, body, count, collapseKey, priority, data } = notification;
      const to = { userId, deviceId: device.id, deviceType: device.type };
      log.info({ ...to, priority, title, body, data, count, collapseKey, outcome: 'accepted' }, 'push');
      return accepted();
    },
    clear({ userId, device, collapseKey }) {
      log.info({ userId, deviceId: device.id, deviceType: device.type, collapseKey }, 'push cleared');
      return accepted();
    },
    check: () => ({ ok: true }),
  }),
});
