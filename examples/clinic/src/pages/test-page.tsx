// The raw values of the SDK's hook, and a link to the server's own playground.
import { useWebSocketByPage } from '@belfry/client/react';
import { Icon } from '../icons.tsx';
import { useTexts } from '../language.tsx';

export function TestPage({ playgroundUrl }: { playgroundUrl: string }) {
  const texts = useTexts();
  const { isConnected, connectionStatus, config, lastMessage, syncSignal, connect, disconnect } = useWebSocketByPage();
  const facts: [string, string][] = [
    [texts.test.status, connectionStatus],
    [texts.test.isConnected, isConnected ? texts.test.yes : texts.test.no],
    [texts.test.page, config === undefined ? '…' : `${config.pattern} (v${config.version})`],
    [texts.test.features, config?.features.join(', ') ?? '…'],
    [texts.test.syncSignal, String(syncSignal)],
  ];
  return (
    <main className="page page-narrow" id="content">
      <h1>{texts.test.title}</h1>
      <p className="lead">{texts.test.lead}</p>
      <p className="actions">
        <button className="button button-main" onClick={connect} disabled={isConnected}>
          {texts.test.connect}
        </button>
        <button className="button" onClick={disconnect} disabled={!isConnected}>
          {texts.test.disconnect}
        </button>
      </p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{texts.test.lastMessage}</h2>
      <pre className="frame" tabIndex={0} aria-label={texts.test.lastMessage}>
        {lastMessage === undefined ? texts.test.nothingYet : JSON.stringify(lastMessage, null, 2)}
      </pre>
      <p>
        <a className="button" href={playgroundUrl} target="_blank" rel="noreferrer">
          <Icon name="open" size={18} />
          {texts.test.playground}
        </a>
      </p>
      <p className="quiet">{texts.test.playgroundHint}</p>
    </main>
  );
}
