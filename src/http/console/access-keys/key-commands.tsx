import { usePage } from '../page.js';
import { keyPageTexts } from './key-page.texts.js';
import { grantedCommands } from './key-sentence.js';
import type { KeyView } from './key-view.js';
import { Table } from '../components/table.js';

/** The commands of a key: how often each was used, and which never were. */
export function KeyCommands({ view }: { view: KeyView }) {
  const texts = usePage().t(keyPageTexts);
  const { accessKey, owner, apis, commandUses } = view;
  const mayEverything = owner === 'root_user' && accessKey.permissions.length === 0;
  const { all: granted } = grantedCommands(accessKey, owner, apis);
  const used = new Set(commandUses.map(({ value }) => value));
  const unused = [...granted].filter((command) => !used.has(command)).sort();
  return (
    <>
      {commandUses.length === 0 ? (
        <p>{texts.noUse}</p>
      ) : (
        <Table label={texts.commands} columns={[texts.command, { text: texts.uses, isNumber: true }]}>
          {commandUses.map(({ value, count }) => (
            <tr key={value}>
              <th scope="row">
                <code>{value}</code>
                {!mayEverything && value.startsWith('v-') && !granted.has(value) && (
                  <span class="muted">{texts.notGranted}</span>
                )}
              </th>
              <td class="number">{count}</td>
            </tr>
          ))}
        </Table>
      )}
      {unused.length > 0 && (
        <details>
          <summary>{texts.unused(unused.length)}</summary>
          <p class="muted">{texts.unusedHint}</p>
          <p>
            <code>{unused.join(' ')}</code>
          </p>
        </details>
      )}
    </>
  );
}
