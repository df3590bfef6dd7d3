import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { SelectField } from '../components/fields.js';
import { Distance, Moment } from '../components/moment.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { keyFormsTexts } from './key-forms.texts.js';

interface RotateFormProps {
  accessKey: AccessKeyDto;
  creation: string;
  problem: ApiProblem | undefined;
}

export function RotateForm({ accessKey, creation, problem }: RotateFormProps) {
  const { t } = usePage();
  const texts = t(keyFormsTexts);
  const { accessKeyId, oldSecretValidUntil } = accessKey;
  return (
    <>
      <h1>
        {texts.rotateTitle} <code>{accessKeyId}</code>
      </h1>
      <form method="post" class="narrow">
        <CsrfField />
        <input type="hidden" name="creation" value={creation} />
        <ProblemBox problem={problem} />
        <p>{texts.rotateHint}</p>
        {oldSecretValidUntil !== null && (
          <p class="notice warn">
            {texts.overlapNow} <Moment at={oldSecretValidUntil} /> (<Distance at={oldSecretValidUntil} />
            ). {texts.overlapEnds}
          </p>
        )}
        <SelectField
          {...{ name: 'overlap', label: texts.overlap, value: '24h' }}
          options={Object.entries(texts.overlaps).map(([value, text]) => ({ value, text }))}
          error={problem?.messageFor('overlap')}
        />
        <p class="actions">
          <button class="primary">{texts.rotate}</button>
          <a href={`/console/keys/${accessKeyId}`}>{t(layoutTexts).cancel}</a>
        </p>
      </form>
    </>
  );
}
