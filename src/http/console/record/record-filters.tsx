import type { ApiProblem } from '../api/api-problem.js';
import { CheckBox, SelectField, TextField, type Option } from '../components/fields.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import type { ReasonTexts } from './reason-text.js';
import { showsReads } from './record-query.js';
import { recordTexts } from './record.texts.js';
import { reasonsTexts } from './reasons.texts.js';

/** Filters are the query of the page: a link keeps them, and the script sends them as they are typed. */
export function RecordFilters({ problem }: { problem: ApiProblem | undefined }) {
  const { t, url, session } = usePage();
  const texts = t(recordTexts);
  const { filter, clear } = t(layoutTexts);
  const reasons = reasonOptions(t(reasonsTexts));
  const value = (name: string): string => url.searchParams.get(name) ?? '';
  const any = { value: '', text: texts.any };
  const options = (all: Readonly<Record<string, string>>) => [
    any,
    ...Object.entries(all).map(([name, text]) => ({ value: name, text })),
  ];
  const field = (name: 'command' | 'accessKeyId' | 'user' | 'clientAddress', maxLength: number) => (
    <TextField
      {...{ name, maxLength, label: texts[name], value: value(name), error: problem?.messageFor(name) }}
      autocapitalize="none"
      spellcheck={false}
      isSearch={name === 'command'}
    />
  );
  const moment = (name: 'since' | 'until') => (
    <TextField
      {...{ name, label: texts[name], value: value(name).slice(0, 16), error: problem?.messageFor(name) }}
      type="datetime-local"
    />
  );
  return (
    <form class="filters" method="get" role="search" data-live>
      <SelectField
        {...{ name: 'outcome', label: texts.outcome, value: value('outcome') }}
        options={options(texts.outcomes)}
      />
      <SelectField
        {...{ name: 'type', label: texts.type, value: value('type') }}
        options={options(texts.types)}
      />
      <SelectField
        {...{ name: 'actor', label: texts.actor, value: value('actor') }}
        options={options(texts.actors)}
      />
      <SelectField
        {...{ name: 'reason', label: texts.reason, value: value('reason') }}
        options={[any, ...reasons]}
      />
      {field('command', 100)}
      {field('accessKeyId', 20)}
      {session?.isRootUser === true && field('user', 30)}
      {field('clientAddress', 45)}
      {moment('since')}
      {moment('until')}
      <CheckBox name={showsReads} value="1" isChecked={url.searchParams.has(showsReads)}>
        {texts.reads}
      </CheckBox>
      {value('live') === '1' && <input type="hidden" name="live" value="1" />}
      <div class="actions">
        <button>{filter}</button>
        <a href={url.pathname}>{clear}</a>
      </div>
    </form>
  );
}

function reasonOptions(texts: ReasonTexts): Option[] {
  return Object.entries(texts)
    .map(([value, [text]]) => ({ value, text }))
    .sort((one, other) => one.text.localeCompare(other.text));
}
