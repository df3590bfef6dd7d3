import { usePage } from '../page.js';
import { doneTexts } from './texts.js';

/** What the form did that led to this page. The URL names one of our texts, and never brings one. */
export function Notice() {
  const { t, url } = usePage();
  const texts: Readonly<Record<string, string>> = t(doneTexts);
  const name = url.searchParams.get('done') ?? '';
  if (!Object.hasOwn(texts, name)) return null;
  return (
    <p class="notice done" role="status">
      {texts[name]}
    </p>
  );
}
