// An app whose pushes are held back by any acknowledgement, over a whole server.
import { expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, registerDevice, say, untilPush } from '../support/clinic.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { startWholeServer } from '../support/whole-server.ts';

test('where an acknowledgement of any tab counts as delivered, a hidden one holds the push back', async () => {
  const receiver = await startPushReceiver();
  const any = await startWholeServer({ settings: { waitMs: 500, deliveredMeans: 'any' }, pushUrl: receiver.url });
  const own = createClients(() => any);
  try {
    await putConversation(any, 'c1', ['alice', 'bob']);
    await registerDevice(any, 'bob');
    const tab = await own.connect({ userId: 'bob', visible: false });
    const { messageId, seq } = await say(any, 'c1', { from: 'alice' });
    await tab.ack('c:c1', seq);
    await untilPush(any, messageId, { userId: 'bob', reason: 'cancelled_acked' });
    expect(receiver.pushes).toEqual([]);
  } finally {
    await own.closeAll();
    await any.stop();
    await receiver.close();
  }
});
