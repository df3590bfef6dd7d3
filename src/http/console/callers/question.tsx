import { CsrfField } from '../components/csrf-field.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { callersTexts } from './callers.texts.js';

export interface QuestionProps {
  name: 'deleteOwn' | 'switchOff' | 'addAll';
  /** What is asked, in words. */
  text: string;
  action: string;
  /** The form that was sent, to be sent again. */
  fields: Readonly<Record<string, string>>;
}

/** Asks once more, above the page that the form was sent from. */
export function Question({ name, text, action, fields }: QuestionProps) {
  const { t } = usePage();
  const texts = t(callersTexts);
  return (
    <form class="notice warn" method="post" action={action} aria-labelledby="question">
      <h2 id="question">{texts.question}</h2>
      <p role="alert">{text}</p>
      <CsrfField />
      {Object.entries({ ...fields, confirmed: name }).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <div class="actions">
        <button class="danger">{texts.confirm[name]}</button>
        <a href="/console/callers">{t(layoutTexts).cancel}</a>
      </div>
    </form>
  );
}
