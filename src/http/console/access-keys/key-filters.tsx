import { SelectField, TextField } from '../components/fields.js';
import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';
import { keyListTexts } from './key-list.texts.js';

/** Filters are the query of the page: a link keeps them, and the script sends them as they are typed. */
export function KeyFilters() {
  const { t, url, session } = usePage();
  const texts = t(keyListTexts);
  const { filter, clear } = t(layoutTexts);
  const value = (name: string): string => url.searchParams.get(name) ?? '';
  const any = { value: '', text: texts.any };
  const options = (all: Readonly<Record<string, string>>) => [
    any,
    ...Object.entries(all).map(([name, text]) => ({ value: name, text })),
  ];
  return (
    <form class="filters" method="get" role="search" data-live>
      <TextField
        name="text"
        label={texts.search}
        type="search"
        value={value('text')}
        maxLength={100}
        isSearch
      />
      {session?.isRootUser === true && (
        <TextField
          name="user"
          label={texts.user}
          value={value('user')}
          maxLength={30}
          autocapitalize="none"
        />
      )}
      <TextField name="permission" label={texts.permission} value={value('permission')} maxLength={100} />
      <SelectField name="state" label={texts.state} options={options(texts.states)} value={value('state')} />
      <SelectField name="end" label={texts.end} options={options(texts.ends)} value={value('end')} />
      <SelectField
        name="secret"
        label={texts.secret}
        options={options(texts.secrets)}
        value={value('secret')}
      />
      <SelectField name="use" label={texts.use} options={options(texts.uses)} value={value('use')} />
      <SelectField
        name="sort"
        label={texts.sort}
        options={Object.entries(texts.sorts).map(([name, text]) => ({ value: name, text }))}
        value={value('sort') || 'id'}
      />
      <div class="actions">
        <button>{filter}</button>
        <a href={url.pathname}>{clear}</a>
      </div>
    </form>
  );
}
