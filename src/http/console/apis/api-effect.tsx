import type { ApiEffectDto } from '../../administration/apis/api.dto.js';
import { usePage } from '../page.js';
import { apiPageTexts } from './api-page.texts.js';

/** Which keys would lose or gain which commands. */
export function ApiEffect({ effect: { keys, isComplete } }: { effect: ApiEffectDto }) {
  const texts = usePage().t(apiPageTexts);
  const loses = keys.some((key) => key.loses.length > 0);
  return (
    <section class={loses ? 'notice warn' : 'notice'} role="status" id="effect">
      <h2>{texts.effect}</h2>
      {keys.length === 0 ? (
        <p>{texts.noEffect}</p>
      ) : (
        <div class="scrolls" tabIndex={0} role="region" aria-label={texts.effect}>
          <table>
            <thead>
              <tr>
                {[texts.key, texts.user, texts.loses, texts.gains].map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.accessKeyId}>
                  <th scope="row">
                    <a href={`/console/keys/${key.accessKeyId}`}>
                      <code>{key.accessKeyId}</code>
                    </a>
                  </th>
                  <td>{key.user}</td>
                  <td>
                    <Commands of={key.loses} />
                  </td>
                  <td>
                    <Commands of={key.gains} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!isComplete && <p>{texts.incomplete}</p>}
    </section>
  );
}

function Commands({ of: commands }: { of: readonly string[] }) {
  const { nothing } = usePage().t(apiPageTexts);
  if (commands.length === 0) return <>{nothing}</>;
  return (
    <div>
      <code>{commands.join(' ')}</code>
    </div>
  );
}
