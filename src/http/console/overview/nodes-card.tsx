import type { NodeListDto } from '../../administration/insight/insight.dto.js';
import { Badge } from '../components/badge.js';
import { usePage } from '../page.js';
import { overviewTexts } from './overview.texts.js';
import { Table } from '../components/table.js';

/** Nodes with their lease, and whether each has applied the newest change. */
export function NodesCard({ nodes }: { nodes: NodeListDto }) {
  const { t, language } = usePage();
  const texts = t(overviewTexts);
  const { items, newestChange, version, leaseAgeMs } = nodes;
  const seconds = new Intl.NumberFormat(language, {
    ...{ style: 'unit', unit: 'second', unitDisplay: 'long', maximumFractionDigits: 1 },
  });
  const isAlone = items.length === 0;
  return (
    <section class="card" aria-labelledby="nodes">
      <h2 id="nodes">{texts.nodes}</h2>
      {isAlone && (
        <p>
          {texts.oneNode} {texts.version(version)}
        </p>
      )}
      {!isAlone && leaseAgeMs === null && <p class="notice wrong">{texts.noLease}</p>}
      {!isAlone && leaseAgeMs !== null && (
        <p class="muted">{texts.leaseAge(seconds.format(leaseAgeMs / 1000))}</p>
      )}
      {!isAlone && (
        <Table label={texts.nodes} columns={Object.values(texts.nodeColumns)}>
          {items.map(({ id, version, leaseMs, appliedChange }) => (
            <tr key={id}>
              <th scope="row">
                <code>{id}</code>
              </th>
              <td>{version}</td>
              <td>{seconds.format(leaseMs / 1000)}</td>
              <td>
                {appliedChange >= newestChange ? (
                  <Badge tone="good">{texts.current}</Badge>
                ) : (
                  <Badge tone="warn">{texts.behind(newestChange - appliedChange)}</Badge>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
