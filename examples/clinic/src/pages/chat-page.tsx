// The conversations of this person, and the one that is open: its id is in the address, so that it can be
// shared and reloaded.
import { useChat } from '@belfry/client/react';
import { ConversationList } from '../chat/conversation-list.tsx';
import { Thread } from '../chat/thread.tsx';
import { useTexts } from '../language.tsx';
import { Notices } from '../notices.tsx';
import { useQuery } from '../route.tsx';
import type { Person } from '../session.ts';

export function ChatPage({ me }: { me: Person }) {
  const texts = useTexts();
  const { conversations, status, features } = useChat();
  const asked = useQuery('c');
  // An address may name anything: a conversation without this user is not opened. Until the list is known, as
  // without a network, it is.
  const isKnown = status !== 'ready' || conversations.some(({ id }) => id === asked);
  const chosen = isKnown && asked !== null ? asked : undefined;
  return (
    <main className={chosen === undefined ? 'chat' : 'chat chat-open'} id="content">
      <Notices />
      <ConversationList me={me} chosen={chosen} />
      {chosen === undefined ? (
        <p className="nothing-chosen">{texts.list.choose}</p>
      ) : (
        <Thread key={chosen} me={me} conversationId={chosen} features={features} />
      )}
    </main>
  );
}
