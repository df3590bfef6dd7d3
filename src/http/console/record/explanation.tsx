import { say } from '../../../authorization/explain/texts/message.js';
import type { ExplainedStepDto, ExplanationDto } from '../../administration/insight/insight.dto.js';
import { Badge, type Tone } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { usePage } from '../page.js';
import { eventTexts } from './event.texts.js';
import { explanationTexts } from './explanation.texts.js';
import { remedyOf } from './remedies.js';
import { Table } from '../components/table.js';

const tones: Readonly<Record<string, Tone>> = { ok: 'good', denied: 'bad' };

/** Each step of the decision, and what would allow it. */
export function Explanation({ explanation }: { explanation: ExplanationDto }) {
  const texts = usePage().t(eventTexts);
  const { steps } = explanation;
  const [tone, verdict] = verdictOf(explanation, texts);
  return (
    <section aria-labelledby="why">
      <h2 id="why">{texts.why}</h2>
      <p class="muted">{texts.ofNow}</p>
      <p class={`notice ${tone}`}>{verdict}</p>
      <RemedyForm explanation={explanation} />
      <Table label={texts.columns.step} columns={Object.values(texts.columns)} stacks>
        {steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </Table>
    </section>
  );
}

function verdictOf(
  { verdict }: ExplanationDto,
  texts: Record<'allowedNow' | 'dependsNow' | 'deniedNow', string>,
): [tone: string, text: string] {
  if (verdict === 'allow') return ['done', texts.allowedNow];
  return verdict === 'depends' ? ['warn', texts.dependsNow] : ['wrong', texts.deniedNow];
}

function Step({ step: { step, state, told } }: { step: ExplainedStepDto }) {
  const { t } = usePage();
  const { states, remedy: remedyTitle } = t(eventTexts);
  const texts = t(explanationTexts);
  const why = say(texts.why, told.why) ?? '';
  const remedy = told.remedy === null ? undefined : say(texts.remedies, told.remedy);
  return (
    <tr>
      <th scope="row">{texts.steps[step as 'key']}</th>
      <td>
        <Badge tone={tones[state] ?? 'plain'}>{state in states ? states[state as 'ok'] : state}</Badge>
      </td>
      <td class="words">
        <bdi>{state === 'not asked' ? texts.depends(why) : why}</bdi>
        {remedy !== undefined && (
          <p class="remedy">
            {remedyTitle}: <code>{remedy}</code>
          </p>
        )}
      </td>
      <td class="words">
        <bdi>{say(texts.sources, told.source)}</bdi>
      </td>
    </tr>
  );
}

/** Does what the first denial names, once it was confirmed: opening it is the question, the button in it the answer. */
function RemedyForm({ explanation }: { explanation: ExplanationDto }) {
  const { t, url } = usePage();
  const texts = t(eventTexts);
  const found = remedyOf(explanation);
  if (found === undefined) return null;
  const [button, effect] = texts.remedies[found.remedy.kind](found.remedy.subject);
  return (
    <details class="asks">
      <summary class="button">{button}</summary>
      <form class="notice warn" method="post" action={url.pathname}>
        <CsrfField />
        <input type="hidden" name="remedy" value={found.text} />
        <p>{effect}</p>
        <button class="primary">{texts.confirm}</button>
      </form>
    </details>
  );
}
