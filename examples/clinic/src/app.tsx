// The page of each path, and who may see it. Visitors see the login page, everybody else the pages of their
// role.
import { useEffect } from 'react';
import { Header } from './header.tsx';
import { useTexts } from './language.tsx';
import { AdminPage } from './pages/admin-page.tsx';
import { ChatPage } from './pages/chat-page.tsx';
import { LoginPage } from './pages/login-page.tsx';
import { TestPage } from './pages/test-page.tsx';
import { navigate, usePath } from './route.tsx';
import { homeOf, useMe, type Person } from './session.ts';

export function App({ playgroundUrl }: { playgroundUrl: string }) {
  const me = useMe();
  const path = usePath();
  const texts = useTexts();
  const target = redirectOf(path, me);

  useEffect(() => {
    if (target !== undefined) navigate(target, { replace: true });
  }, [target]);

  return (
    <>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header me={me} />
      {target === undefined && <Page path={path} me={me} playgroundUrl={playgroundUrl} />}
    </>
  );
}

function Page({ path, me, playgroundUrl }: { path: string; me: Person | undefined; playgroundUrl: string }) {
  if (me === undefined) return <LoginPage />;
  if (path === '/admin') return <AdminPage />;
  if (path === '/test-websocket') return <TestPage playgroundUrl={playgroundUrl} />;
  return <ChatPage key={me.id} me={me} />;
}

/** Undefined when this person may be here. */
function redirectOf(path: string, me: Person | undefined): string | undefined {
  if (me === undefined) return path === '/login' ? undefined : '/login';
  const home = homeOf(me.role);
  return path === home || path === '/test-websocket' ? undefined : home;
}
