// Makes the demonstration's conversations, and sends the messages from before it began. Doing it again
// changes nothing.
import type { BelfryApi } from './belfry-api.ts';
import { conversations, findPerson } from './people.ts';

export async function seedConversations(belfry: BelfryApi, { opening }: { opening: boolean }): Promise<void> {
  for (const { id, title, participants, opening: lines } of conversations) {
    await belfry.putConversation(id, {
      title,
      participants: participants.map((userId) => ({ userId, role: participantRole(userId) })),
    });
    if (!opening) continue;
    // The same cid is the same message: at the next start these are already there.
    for (const [index, { from, text }] of lines.entries()) {
      await belfry.send(id, {
        senderId: from,
        cid: `opening-${index}`,
        kind: 'message',
        type: 'text',
        content: { text },
      });
    }
  }
}

/** The role `consultant` is Belfry's; the others are the clinic's. */
function participantRole(userId: string): string {
  return findPerson(userId)?.role ?? 'member';
}
