// The presence of these people, as long as the component is shown. Empty where the page's policy has no
// presence.
import type { PresenceSnapshot } from '@belfry/client/chat';
import { useChat } from '@belfry/client/react';
import { useEffect } from 'react';
import { useSnapshot } from './use-snapshot.ts';

export function usePresence(userIds: readonly string[]): PresenceSnapshot {
  const { presence } = useChat().features;
  const ids = userIds.join(' ');
  useEffect(() => (ids === '' ? undefined : presence?.watch(ids.split(' '))), [presence, ids]);
  return useSnapshot(presence) ?? nobody;
}

const nobody: PresenceSnapshot = {};
