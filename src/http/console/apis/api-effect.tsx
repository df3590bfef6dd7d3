import type { ApiEffectDto } from '../../administration/apis/api.dto.js';
import { usePage } from '../page.js';
import { apiPageTexts } from './api-page.texts.js';
import { Table } from '../components/table.js';

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
        <Table label={texts.effect} columns={[texts.key, texts.user, texts.loses, texts.gains]}>
          {keys.map((key) => (
            <tr key={key.accessKeyId}>
              <th scope="row">
                <a href={`/console/keys/${key.accessKeyId}`}>
                  <code>{key.accessKeyId}</code>
                </a>
              </th>
              <td>{key.user}</td>
              <td>
                <Commands of={key.loses} areForOthers={key.losesForOthers} />
              </td>
              <td>
                <Commands of={key.gains} areForOthers={key.gainsForOthers} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {!isComplete && <p>{texts.incomplete}</p>}
    </section>
  );
}

function Commands({ of: commands, areForOthers }: { of: readonly string[]; areForOthers: boolean }) {
  const { nothing, forOthers } = usePage().t(apiPageTexts);
  if (commands.length === 0) return <>{nothing}</>;
  return (
    <div>
      <code>{commands.join(' ')}</code>
      {areForOthers && <div>{forOthers}</div>}
    </div>
  );
}
