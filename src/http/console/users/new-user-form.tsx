import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { TextField } from '../components/fields.js';
import { ProblemBox } from '../components/problem-box.js';
import type { FormFields } from '../form-fields.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { usersTexts } from './users.texts.js';

/** @param sent - what was entered, where it was refused; a password is entered anew */
export function NewUserForm({ sent, problem }: { sent?: FormFields; problem?: ApiProblem }) {
  const { t } = usePage();
  const texts = t(usersTexts);
  const field = (name: string) => ({ name, value: sent?.text(name) ?? '', error: problem?.messageFor(name) });
  return (
    <>
      <h1>{texts.newUser}</h1>
      <ProblemBox problem={problem} />
      <form class="narrow card" method="post" action="/console/users">
        <CsrfField />
        <TextField
          {...{ ...field('name'), label: texts.name, hint: texts.nameHint, maxLength: 30, required: true }}
          {...{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false }}
        />
        <TextField {...field('email')} label={texts.email} maxLength={254} autocomplete="off" required />
        <TextField {...field('firstName')} label={texts.firstName} maxLength={64} autocomplete="off" />
        <TextField {...field('lastName')} label={texts.lastName} maxLength={64} autocomplete="off" />
        <TextField
          {...{
            ...field('password'),
            value: '',
            label: texts.passwordOfNew,
            type: 'password',
            maxLength: 1000,
          }}
          {...{ autocomplete: 'new-password', required: true }}
        />
        <p class="actions">
          <button class="primary">{texts.add}</button>
          <a href="/console/users">{t(layoutTexts).cancel}</a>
        </p>
      </form>
    </>
  );
}
