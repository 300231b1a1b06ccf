// The bar above every page: navigation, language and theme, the state of the connection where the page has
// one, and the user.
import { disablePush } from '@belfry/client/push';
import { useBelfry, useWebSocketByPage, WebSocketStatus } from '@belfry/client/react';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { useLanguage } from './language.tsx';
import { Link, navigate, usePath } from './route.tsx';
import { NotificationSwitch } from './notification-switch.tsx';
import { homeOf, signOut, type Person } from './session.ts';
import { useTheme } from './theme.ts';

export function Header({ me }: { me: Person | undefined }) {
  const { texts } = useLanguage();
  const { config } = useWebSocketByPage();
  return (
    <header className="header">
      <span className="brand">
        <span className="brand-mark">
          <Icon name="clinic" size={18} />
        </span>
        <span className="brand-name">{texts.clinic}</span>
      </span>
      {me !== undefined && <Navigation me={me} />}
      <div className="header-end">
        {me !== undefined && config?.enabled === true && <WebSocketStatus className="connection" />}
        {me !== undefined && <NotificationSwitch key={me.id} me={me} />}
        <LanguageSwitch />
        <ThemeSwitch />
        {me !== undefined && <Me me={me} />}
      </div>
    </header>
  );
}

function Navigation({ me }: { me: Person }) {
  const { texts } = useLanguage();
  const path = usePath();
  const home = homeOf(me.role);
  const links = [
    { href: home, name: me.role === 'admin' ? texts.nav.admin : texts.nav.chat },
    { href: '/test-websocket', name: texts.nav.test },
  ];
  return (
    <nav className="nav" aria-label={texts.clinic}>
      {links.map(({ href, name }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

function LanguageSwitch() {
  const { language, setLanguage, texts } = useLanguage();
  const other = language === 'en' ? 'zh' : 'en';
  const name = other === 'zh' ? '中文' : 'English';
  return (
    <button
      className="button-plain"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => setLanguage(other)}
      title={texts.language}
    >
      {name}
    </button>
  );
}

function ThemeSwitch() {
  const { texts } = useLanguage();
  const [theme, setTheme] = useTheme();
  const label = theme === 'dark' ? texts.theme.toLight : texts.theme.toDark;
  return (
    <button
      className="button-icon"
      aria-label={label}
      title={label}
      onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function Me({ me }: { me: Person }) {
  const { texts, language } = useLanguage();
  const belfry = useBelfry();
  async function leave(): Promise<void> {
    // While there is a token: without one the device could not be removed from its user.
    await disablePush(belfry).catch(() => undefined);
    await signOut().catch(() => undefined);
    navigate('/login');
  }
  return (
    <span className="me">
      <span className="me-name" title={texts.signedInAs(me.name[language])}>
        <Avatar person={me} size="small" />
        <span className="me-text">{me.name[language]}</span>
      </span>
      <button className="button-icon" aria-label={texts.signOut} title={texts.signOut} onClick={() => void leave()}>
        <Icon name="leave" />
      </button>
    </span>
  );
}
