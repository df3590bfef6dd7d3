import type { ApiProblem } from '../api/api-problem.js';
import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';
import { fieldNames } from './problem-box.texts.js';

/** What is wrong with a form that was sent, above its fields. */
export function ProblemBox({ problem }: { problem: ApiProblem | undefined }) {
  const { t } = usePage();
  const texts = t(layoutTexts);
  const names = t(fieldNames);
  if (problem === undefined) return null;
  const isOfFields = problem.errors.length > 0;
  return (
    <div class="notice wrong" role="alert">
      <p>{isOfFields ? texts.check : problem.message}</p>
      {isOfFields && (
        <ul>
          {problem.errors.map(({ field, message }) => (
            <li key={field + message}>
              <a href={`#${nameOf(field)}`}>{names[nameOf(field)] ?? field}</a>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** An entry of a list is `permissions.0`. */
function nameOf(field: string): string {
  return field.split('.', 1)[0] ?? field;
}
