import { commentLength } from '../../../keys/access-key.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { CheckBox, SelectField, TextArea, TextField } from '../components/fields.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { endChoices, type KeyFields } from './key-fields.js';
import { keyFormTexts } from './key-form.texts.js';
import { LiveSentence } from './live-sentence.js';
import { RoleChoice } from './role-choice.js';

interface KeyFormProps {
  fields: KeyFields;
  apis: readonly ApiDto[];
  problem: ApiProblem | undefined;
  /** Users who may be given a key; undefined: the key has its user already. */
  users?: readonly string[] | undefined;
  /** The name of the root user, where the key may be, or is, his; its end may stay where it has one. */
  rootUser: string | undefined;
  /** Of those who may be given a key, or whose it is, the administrators beside the root user. */
  administrators: readonly string[];
  presentEnd?: string | undefined;
  /** Sent back as they are. */
  hidden: Readonly<Record<string, string>>;
  submit: string;
  cancelPath: string;
}

/** The fields of a key, with what it may do in one sentence. */
export function KeyForm(props: KeyFormProps) {
  const { fields, apis, problem, users, rootUser, administrators, presentEnd, hidden, submit, cancelPath } =
    props;
  const { t } = usePage();
  const [texts, { cancel }] = [t(keyFormTexts), t(layoutTexts)];
  return (
    <form method="post" class="narrow">
      <CsrfField />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ProblemBox problem={problem} />
      {users === undefined ? (
        <input type="hidden" name="user" value={fields.user} />
      ) : (
        <TextField
          {...{
            name: 'user',
            label: texts.user,
            hint: texts.userHint,
            value: fields.user,
            suggestions: users,
          }}
          {...{
            maxLength: 30,
            required: true,
            autocapitalize: 'none',
            autocomplete: 'off',
            spellcheck: false,
          }}
          error={problem?.messageFor('user')}
        />
      )}
      <RoleChoice
        {...{ apis, chosen: fields.permissions, isEverything: fields.isEverything }}
        offersEverything={rootUser !== undefined}
        error={problem?.messageFor('permissions')}
      />
      <TextField
        {...{ name: 'comment', label: texts.comment, hint: texts.commentHint, value: fields.comment }}
        maxLength={commentLength}
        error={problem?.messageFor('comment')}
      />
      <LimitFields fields={fields} problem={problem} />
      {users !== undefined && (
        <CheckBox name="canary" value="yes" isChecked={fields.isCanary}>
          {texts.canary}
        </CheckBox>
      )}
      <LiveSentence {...{ fields, apis, rootUser, administrators, presentEnd }} />
      <p class="actions">
        <button class="primary">{submit}</button>
        <a href={cancelPath}>{cancel}</a>
      </p>
    </form>
  );
}

function EndFields({ fields, problem }: Pick<KeyFormProps, 'fields' | 'problem'>) {
  const texts = usePage().t(keyFormTexts);
  const choices = fields.end === 'keep' ? (['keep', ...endChoices] as const) : endChoices;
  return (
    <div class="cards">
      <SelectField
        {...{ name: 'end', label: texts.end, hint: texts.endHint, value: fields.end }}
        options={choices.map((value) => ({ value, text: texts.ends[value] }))}
        error={problem?.messageFor('expiresIn')}
      />
      <TextField
        {...{
          name: 'expiresAt',
          label: texts.endDay,
          hint: texts.endDayHint,
          type: 'date',
          value: fields.endDay,
        }}
        error={problem?.messageFor('expiresAt')}
      />
    </div>
  );
}

function LimitFields({ fields, problem }: Pick<KeyFormProps, 'fields' | 'problem'>) {
  const texts = usePage().t(keyFormTexts);
  return (
    <>
      <EndFields fields={fields} problem={problem} />
      <TextArea
        {...{ name: 'allowedAddresses', label: texts.addresses, hint: texts.addressesHint, rows: 3 }}
        {...{ value: fields.allowedAddresses.join('\n'), spellcheck: false }}
        error={problem?.messageFor('allowedAddresses')}
      />
      <TextField
        {...{ name: 'rateLimit', label: texts.rateLimit, hint: texts.rateLimitHint, value: fields.rateLimit }}
        {...{ maxLength: 20, suggestions: ['5/s', '60/min', '120/min', '1000/h'] }}
        error={problem?.messageFor('rateLimit')}
      />
      <TextField
        {...{ name: 'quota', label: texts.quota, hint: texts.quotaHint, value: fields.quota }}
        {...{ maxLength: 20, suggestions: ['500/day', '2000/week', '10000/month'] }}
        error={problem?.messageFor('quota')}
      />
      <TextArea
        {...{ name: 'only', label: texts.only, hint: texts.onlyHint, rows: 2 }}
        {...{ value: fields.only.join('\n'), spellcheck: false }}
        error={problem?.messageFor('only')}
      />
    </>
  );
}
