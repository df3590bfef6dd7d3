import type { ComponentChildren } from 'preact';
import { assets } from '../assets/assets.js';
import { CsrfField } from '../components/csrf-field.js';
import { Icon } from '../components/icon.js';
import { usePage } from '../page.js';
import { Notice } from './notice.js';
import { NavLinks } from './nav-links.js';
import { Preferences } from './preferences.js';
import { Shortcuts } from './shortcuts.js';
import { layoutTexts } from './texts.js';

/** What stands around every page. */
export function Layout({ title, children }: { title: string; children: ComponentChildren }) {
  const { t, language, theme, session } = usePage();
  const texts = t(layoutTexts);
  return (
    <html lang={language} data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'auto' ? 'light dark' : theme} />
        <title>{`${title} · Hearthkey`}</title>
        <link rel="icon" href={assets.icon.path} />
        <link rel="stylesheet" href={assets.style.path} />
        <script type="module" src={assets.script.path} />
      </head>
      <body data-copied={texts.copied} data-offline={texts.offline}>
        <a class="skip" href="#main">
          {texts.skip}
        </a>
        <header class="top">
          <a class="brand" href="/console" aria-label={texts.console}>
            <Icon name="key" />
            <span>Hearthkey</span>
          </a>
          {session !== undefined && (
            <form class="who" method="post" action="/console/logout">
              <CsrfField />
              <span class="user">{texts.loggedInAs(session.user)}</span>
              <button class="quiet">{texts.logOut}</button>
            </form>
          )}
        </header>
        <div class={session === undefined ? 'alone' : 'columns'}>
          {session !== undefined && <NavLinks />}
          <main id="main" tabIndex={-1}>
            <Notice />
            {children}
          </main>
        </div>
        <footer>
          <Preferences />
          <Shortcuts />
        </footer>
        <p id="toast" role="status" aria-live="polite" />
      </body>
    </html>
  );
}
