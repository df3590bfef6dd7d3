import { usePage } from '../page.js';
import { keyPageTexts } from './key-page.texts.js';

/** How far back a page looks. */
export function PeriodForm({ days }: { days: string }) {
  const texts = usePage().t(keyPageTexts);
  return (
    <form method="get" class="actions">
      <label for="days">{texts.period}</label>
      <select id="days" name="days" class="short">
        {Object.entries(texts.periods).map(([value, text]) => (
          <option key={value} value={value} selected={value === days}>
            {text}
          </option>
        ))}
      </select>
      <button>{texts.show}</button>
    </form>
  );
}
