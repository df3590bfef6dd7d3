import { Icon, type IconName } from '../components/icon.js';
import { usePage } from '../page.js';
import { layoutTexts } from './texts.js';

type NavText = keyof (typeof layoutTexts)['en']['nav'];

interface NavLink {
  text: NavText;
  path: string;
  icon: IconName;
}

const ofRootUser: readonly NavLink[] = [
  { text: 'overview', path: '/console', icon: 'home' },
  { text: 'keys', path: '/console/keys', icon: 'key' },
  { text: 'apis', path: '/console/apis', icon: 'role' },
  { text: 'callers', path: '/console/callers', icon: 'door' },
  { text: 'record', path: '/console/record', icon: 'record' },
  { text: 'users', path: '/console/users', icon: 'people' },
  { text: 'sessions', path: '/console/sessions', icon: 'session' },
  { text: 'approvals', path: '/console/approvals', icon: 'check' },
  { text: 'settings', path: '/console/settings', icon: 'settings' },
  { text: 'doctor', path: '/console/doctor', icon: 'doctor' },
  { text: 'account', path: '/console/account', icon: 'person' },
  { text: 'about', path: '/console/about', icon: 'about' },
];

/** Nothing of others: a link that leads to a refusal is none. */
const ofUsers: readonly NavText[] = ['overview', 'keys', 'record', 'account', 'about'];

export function NavLinks() {
  const { t, url, session } = usePage();
  const texts = t(layoutTexts);
  const links = ofRootUser.filter(({ text }) => {
    if (text === 'approvals') return session?.mayApprove === true;
    return session?.isRootUser === true || ofUsers.includes(text);
  });
  return (
    <nav class="pages" aria-label={texts.pages}>
      <details class="menu" open>
        <summary>{texts.menu}</summary>
        <ul>
          {links.map(({ text, path, icon }) => (
            <li key={path}>
              <a href={path} aria-current={isCurrent(url.pathname, path) ? 'page' : undefined}>
                <Icon name={icon} />
                {texts.nav[text]}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}

function isCurrent(pathname: string, path: string): boolean {
  return pathname === path || (path !== '/console' && pathname.startsWith(`${path}/`));
}
