import { clientRoles } from '../../../apis/client-roles.js';
import type { ApiEffectDto } from '../../administration/apis/api.dto.js';
import type { CommandDto } from '../../administration/insight/insight.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { SelectField, TextArea, TextField } from '../components/fields.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { ApiEffect } from './api-effect.js';
import { apiEditorTexts } from './api-editor.texts.js';
import type { ApiFields } from './api-fields.js';
import { apiPath, editorPath } from './api-paths.js';
import { CommandChoice } from './command-choice.js';

export interface ApiEditorProps {
  fields: ApiFields;
  catalogue: readonly CommandDto[];
  problem?: ApiProblem | undefined;
  /** Undefined: a new role is made, and nothing is there that could change. */
  present?: { state: string; effect?: ApiEffectDto; previewed?: string } | undefined;
}

/** Makes or changes an API role. */
export function ApiEditor({ fields, catalogue, problem, present }: ApiEditorProps) {
  const { t } = usePage();
  const texts = t(apiEditorTexts);
  const isNew = present === undefined;
  const wasChanged = problem?.reason === 'changed_meanwhile';
  const { effect, state = '', previewed = '' } = present ?? {};
  return (
    <>
      <h1>{isNew ? texts.newTitle : texts.changeTitle(fields.name)}</h1>
      {wasChanged && (
        <p class="notice wrong" role="alert">
          {texts.changedMeanwhile} <a href={editorPath(fields.name)}>{texts.openAnew}</a>
        </p>
      )}
      <form method="post">
        <CsrfField />
        <input type="hidden" name="state" value={state} />
        <input type="hidden" name="previewed" value={previewed} />
        <ProblemBox problem={wasChanged ? undefined : problem} />
        {effect !== undefined && <Preview effect={effect} />}
        {isNew && <NewApiFields fields={fields} problem={problem} />}
        <RoleFields fields={fields} error={problem?.messageFor('role')} />
        <CommandChoice fields={fields} catalogue={catalogue} error={problem?.messageFor('commands')} />
        <div class="narrow">
          <TextArea
            {...{ name: 'only', label: texts.only, hint: texts.onlyHint, rows: 2 }}
            {...{ value: fields.only.join('\n'), spellcheck: false }}
            error={problem?.messageFor('only')}
          />
        </div>
        <p class="actions">
          <button class="primary" name="step" value="save">
            {isNew ? texts.make : texts.save}
          </button>
          {!isNew && (
            <button name="step" value="preview">
              {texts.preview}
            </button>
          )}
          <a href={isNew || fields.name === 'new' ? '/console/apis' : apiPath(fields.name)}>
            {t(layoutTexts).cancel}
          </a>
        </p>
      </form>
    </>
  );
}

function Preview({ effect }: { effect: ApiEffectDto }) {
  const texts = usePage().t(apiEditorTexts);
  return (
    <>
      <ApiEffect effect={effect} />
      {effect.keys.some(({ loses }) => loses.length > 0) && (
        <p class="actions">
          <button class="danger" name="step" value="save">
            {texts.save}
          </button>
          <span>{texts.confirmHint}</span>
        </p>
      )}
    </>
  );
}

function NewApiFields({ fields, problem }: Pick<ApiEditorProps, 'fields' | 'problem'>) {
  const texts = usePage().t(apiEditorTexts);
  const clients = Object.keys(clientRoles).map((name) => ({ value: name, text: name }));
  return (
    <div class="narrow">
      <TextField
        {...{ name: 'name', label: texts.name, hint: texts.nameHint, value: fields.name, required: true }}
        {...{ maxLength: 64, autocapitalize: 'none', autocomplete: 'off', spellcheck: false }}
        error={problem?.messageFor('name')}
      />
      <SelectField
        {...{ name: 'from', label: texts.from, hint: texts.fromHint, value: fields.from }}
        options={[{ value: '', text: texts.fromNone }, ...clients]}
        error={problem?.messageFor('from')}
      />
    </div>
  );
}

function RoleFields({ fields, error }: { fields: ApiFields; error: string | undefined }) {
  const texts = usePage().t(apiEditorTexts);
  return (
    <fieldset id="role" class={error === undefined ? undefined : 'wrong'} tabIndex={-1}>
      <legend>{texts.role}</legend>
      {error !== undefined && <p class="error">{error}</p>}
      {(['user', 'admin'] as const).map((role) => (
        <label class="check" key={role}>
          <input type="radio" name="role" value={role} checked={fields.role === role} />
          <span>
            <code>{role}</code>: {texts.roles[role]}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
