// The switch for notifications in this browser while no page of the clinic is open. The SDK's service worker
// shows them.
import { disablePush, enablePush, resumePush, type PushState } from '@belfry/client/push';
import { useBelfry } from '@belfry/client/react';
import { useEffect, useState } from 'react';
import { Icon } from './icons.tsx';
import { useTexts } from './language.tsx';
import { navigate } from './route.tsx';
import { homeOf, type Person } from './session.ts';
import type { Texts } from './texts.ts';

export function NotificationSwitch({ me }: { me: Person }) {
  const texts = useTexts();
  const belfry = useBelfry();
  const [state, setState] = useState<PushState | 'failed'>('off');

  useEffect(() => {
    // Goes on with what was switched on before; asks for nothing. Without a network the next visit does.
    resumePush(belfry, optionsFor(me)).then(setState, () => undefined);
  }, [belfry, me]);

  async function toggle(): Promise<void> {
    try {
      if (state === 'enabled') {
        await disablePush(belfry);
        setState('off');
      } else setState(await enablePush(belfry, optionsFor(me)));
    } catch {
      setState('failed');
    }
  }

  const isOn = state === 'enabled';
  const label = labelOf(state, texts);
  return (
    <button className="button-icon" aria-pressed={isOn} aria-label={label} title={label} onClick={() => void toggle()}>
      <Icon name={isOn ? 'bell' : 'bellOff'} />
    </button>
  );
}

function optionsFor({ role }: Person) {
  return { open: `${homeOf(role)}?c={conversationId}`, icon: '/icon.svg', onOpen: (url: string) => navigate(url) };
}

function labelOf(state: PushState | 'failed', { push }: Texts): string {
  switch (state) {
    case 'enabled':
      return push.disable;
    case 'off':
    case 'dismissed':
      return push.enable;
    case 'denied':
      return push.denied;
    case 'unsupported':
      return push.unsupported;
    case 'no_provider':
    case 'failed':
      return push.failed;
  }
}
