import { usePage } from '../page.js';
import { layoutTexts } from './texts.js';

export interface ErrorPageProps {
  status: number;
  /** What the service says of it; undefined: it is a fault of its own, and the log has it. */
  detail: string | undefined;
  requestId: string;
}

/** Says what happened and what to do. */
export function ErrorPage({ status, detail, requestId }: ErrorPageProps) {
  const { t, url } = usePage();
  const { error } = t(layoutTexts);
  const title = status in error ? error[status as 403] : error.title;
  return (
    <section class="error-page">
      <h1>{title}</h1>
      {detail !== undefined && detail !== '' && <p>{detail}</p>}
      {status < 500 && <p class="muted">{error.back}</p>}
      {status >= 500 && <p class="muted">{error.requestId(requestId)}</p>}
      <p class="actions">
        {status >= 500 && (
          <a class="button" href={url.pathname + url.search}>
            {error.retry}
          </a>
        )}
        <a class="button quiet" href="/console">
          {error.overview}
        </a>
      </p>
    </section>
  );
}
