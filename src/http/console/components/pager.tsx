import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';

/** Where a list goes on. Pages are found by a cursor, so there is no number of them. */
export function Pager({ next }: { next: string | null }) {
  const { t, url } = usePage();
  const texts = t(layoutTexts);
  const isFirst = !url.searchParams.has('cursor');
  if (isFirst && next === null) return null;
  return (
    <nav class="pager" aria-label={texts.pages}>
      {!isFirst && <a href={withQuery(url, { cursor: undefined })}>{texts.first}</a>}
      {next !== null && (
        <a rel="next" href={withQuery(url, { cursor: next })}>
          {texts.next}
        </a>
      )}
    </nav>
  );
}

/** The same page with other parameters; what was done before is not said again. */
export function withQuery(url: URL, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(url.searchParams);
  for (const name of ['done', 'undo']) query.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? url.pathname : `${url.pathname}?${text}`;
}
