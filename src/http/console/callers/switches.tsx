import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import { CsrfField } from '../components/csrf-field.js';
import { usePage } from '../page.js';
import { callersTexts } from './callers.texts.js';

/** API_SYSTEM and API in words. */
export function Switches({ settings }: { settings: SettingsDto }) {
  const texts = usePage().t(callersTexts);
  return (
    <section class="card">
      <h2>{texts.switches}</h2>
      <form method="post" action="/console/callers/switches">
        <CsrfField />
        <Choice
          {...{ name: 'accessKeyApi', legend: texts.accessKeyApi, value: settings.accessKeyApi }}
          states={texts.accessKeyApiStates}
        />
        <Choice
          {...{ name: 'legacyApi', legend: texts.legacyApi, value: settings.isLegacyApiOn ? 'yes' : 'no' }}
          states={texts.legacyApiStates}
        />
        <button class="primary">{texts.save}</button>
      </form>
    </section>
  );
}

interface ChoiceProps {
  name: string;
  legend: string;
  value: string;
  states: Readonly<Record<string, readonly string[]>>;
}

function Choice({ name, legend, value, states }: ChoiceProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {Object.entries(states).map(([state, [text, effect]]) => (
        <label key={state} class="check">
          <input type="radio" name={name} value={state} checked={state === value} />
          <span>
            {text} <span class="muted">{effect}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
