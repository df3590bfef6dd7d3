import type { ApiEffectDto } from '../../administration/apis/api.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { ApiEffect } from './api-effect.js';
import { apiPageTexts } from './api-page.texts.js';
import { apiPath } from './api-paths.js';

interface DeleteApiProps {
  name: string;
  /** Of the role that the effect is about: another one is not deleted. */
  state: string;
  effect: ApiEffectDto;
  problem: ApiProblem | undefined;
}

/** What a role takes along, before it is deleted. */
export function DeleteApi({ name, state, effect, problem }: DeleteApiProps) {
  const { t } = usePage();
  const texts = t(apiPageTexts);
  return (
    <>
      <h1>{texts.deleteTitle(name)}</h1>
      <ProblemBox problem={problem} />
      <p>{texts.deleteHint}</p>
      <ApiEffect effect={effect} />
      <form method="post" action={apiPath(name)} class="actions">
        <CsrfField />
        <input type="hidden" name="state" value={state} />
        <button class="danger">{texts.deleteNow}</button>
        <a href={apiPath(name)}>{t(layoutTexts).cancel}</a>
      </form>
    </>
  );
}
