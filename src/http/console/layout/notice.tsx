import { CsrfField } from '../components/csrf-field.js';
import { usePage } from '../page.js';
import { readUndo } from '../undo/undo.js';
import { doneTexts, layoutTexts } from './texts.js';

/** What the form did that led to this page. The URL names one of our texts, and never brings one. */
export function Notice() {
  const { t, url } = usePage();
  const texts: Readonly<Record<string, string>> = t(doneTexts);
  const name = url.searchParams.get('done') ?? '';
  if (!Object.hasOwn(texts, name)) return null;
  return (
    <div class="notice done" role="status">
      <p>{texts[name]}</p>
      <UndoForm />
    </div>
  );
}

/** Only where this session was offered it just now: others could have made up the link. */
function UndoForm() {
  const { t, url, session } = usePage();
  const undo = url.searchParams.get('undo') ?? '';
  if (session === undefined || readUndo(undo, session.csrfToken) === undefined) return null;
  return (
    <form method="post" action="/console/undo">
      <CsrfField />
      <input type="hidden" name="undo" value={undo} />
      <button>{t(layoutTexts).undo}</button>
    </form>
  );
}
