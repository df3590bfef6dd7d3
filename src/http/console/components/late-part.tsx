import type { ComponentChildren } from 'preact';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';

interface LatePartProps {
  title: string;
  /** The page that has it, as a part with this ID. */
  path: string;
  part: string;
}

/** In place of what takes the service longer than a page waits for: the script fetches it, others open its page. */
export function LatePart({ title, path, part }: LatePartProps) {
  const texts = usePage().t(layoutTexts);
  return (
    <section class="card" data-loads={path} data-part={part}>
      <h2>{title}</h2>
      <p class="muted" role="status">
        {texts.late} <a href={path}>{texts.lateLink}</a>
      </p>
    </section>
  );
}

/** Such a part on the page of its own. */
export function OwnPart({ part, children }: { part: string; children: ComponentChildren }) {
  return (
    <section class="card" id={part}>
      {children}
    </section>
  );
}
