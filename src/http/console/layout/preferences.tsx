import { languages, type Language } from '../languages.js';
import { usePage } from '../page.js';
import { themes } from '../themes.js';
import { layoutTexts } from './texts.js';

const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

export function Preferences() {
  const { t, language, theme, url } = usePage();
  const texts = t(layoutTexts);
  return (
    <form class="preferences" method="post" action="/console/preferences" aria-label={texts.preferences}>
      <input type="hidden" name="next" value={url.pathname + url.search} />
      <label>
        {texts.language}
        <select name="language">
          {languages.map((name) => (
            <option key={name} value={name} lang={name} selected={name === language}>
              {languageNames[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.theme}
        <select name="theme">
          {themes.map((name) => (
            <option key={name} value={name} selected={name === theme}>
              {texts.themes[name]}
            </option>
          ))}
        </select>
      </label>
      <button class="quiet">{texts.apply}</button>
    </form>
  );
}
