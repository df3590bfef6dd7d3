import type { RefusedAddressesDto } from '../../administration/allowed-ips/allowed-ips.dto.js';
import { Distance } from '../components/moment.js';
import { usePage } from '../page.js';
import { AllowForm } from './allow-form.js';
import { callersTexts } from './callers.texts.js';
import { Table } from '../components/table.js';

/** Who was refused lately for his address, each with one click to let him in. */
export function RefusedAddresses({ refused: { items } }: { refused: RefusedAddressesDto }) {
  const texts = usePage().t(callersTexts);
  return (
    <section class="card">
      <h2 id="refused">{texts.refused}</h2>
      {items.length === 0 && <p class="muted">{texts.refusedNone}</p>}
      {items.length > 0 && (
        <Table label={texts.refused} columns={Object.values(texts.columns)}>
          {items.map(({ address, count, lastAt }) => (
            <tr key={address}>
              <th scope="row">
                <a
                  href={`/console/record?reason=address_not_allowed&clientAddress=${encodeURIComponent(address)}`}
                  aria-label={texts.events(address)}
                >
                  <code>{address}</code>
                </a>
              </th>
              <td>{count}</td>
              <td>
                <Distance at={lastAt} />
              </td>
              <td>
                <AllowForm address={address} text={texts.allow(address)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
