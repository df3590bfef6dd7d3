import type { ApiProblem } from '../api/api-problem.js';
import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';

/** What is wrong with a form that was sent, above its fields. */
export function ProblemBox({ problem }: { problem: ApiProblem | undefined }) {
  const texts = usePage().t(layoutTexts);
  if (problem === undefined) return null;
  const isOfFields = problem.errors.length > 0;
  return (
    <div class="notice wrong" role="alert">
      <p>{isOfFields ? texts.check : problem.message}</p>
      {isOfFields && (
        <ul>
          {problem.errors.map(({ field, message }) => (
            <li key={field + message}>
              <a href={`#${field.split('.')[0] ?? field}`}>{field}</a>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
