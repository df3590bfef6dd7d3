import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import { Badge } from '../components/badge.js';
import { Distance } from '../components/moment.js';
import { usePage } from '../page.js';
import { stateTones } from './key-list.js';
import { keyListTexts } from './key-list.texts.js';
import { keyPageTexts } from './key-page.texts.js';

/** The keys that end with a key, because it made them. */
export function KeyChildren({ keys: { items, next } }: { keys: AccessKeyPageDto }) {
  const { t } = usePage();
  const texts = t(keyPageTexts);
  if (items.length === 0) return null;
  return (
    <section class="card">
      <h2>{texts.children}</h2>
      <ul class="lines">
        {items.map(({ accessKeyId, permissions, state, isDerived, expiresAt }) => (
          <li key={accessKeyId}>
            <a href={`/console/keys/${accessKeyId}`}>
              <code>{accessKeyId}</code>
            </a>{' '}
            <Badge tone={stateTones[state]}>{t(keyListTexts).states[state]}</Badge>{' '}
            {isDerived && <Badge tone="plain">{texts.derived}</Badge>}{' '}
            <span class="muted">
              {permissions.join(', ')}
              {expiresAt !== null && (
                <>
                  {permissions.length > 0 && ', '}
                  {texts.ends} <Distance at={expiresAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {next !== null && <p class="muted">{texts.moreChildren}</p>}
    </section>
  );
}
