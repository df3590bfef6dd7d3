import type { PastVerificationsDto } from '../../administration/audit/audit-verifications.controller.js';
import { CopyBox } from '../components/copy-box.js';
import { CsrfField } from '../components/csrf-field.js';
import { Moment } from '../components/moment.js';
import { usePage } from '../page.js';
import { verificationTexts } from './verification.texts.js';
import { Table } from '../components/table.js';

type PastVerification = PastVerificationsDto['items'][number];

/** Whether the record is whole, and when somebody last looked. */
export function VerificationPage({ last }: { last: PastVerification | undefined }) {
  const texts = usePage().t(verificationTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <a href="/console/record">{texts.back}</a>
      </div>
      <p>{texts.intro}</p>
      {last === undefined ? <p class="notice">{texts.never}</p> : <Verification last={last} />}
      <form method="post">
        <CsrfField />
        <button class="primary">{texts.verify}</button>
      </form>
    </>
  );
}

function Verification({ last }: { last: PastVerification }) {
  const texts = usePage().t(verificationTexts);
  const { isWhole, findings, findingCount, verifiedAt, lines, first, files, chain, head } = last;
  return (
    <>
      {isWhole && (
        <p class="notice done" role="status">
          {texts.whole}
        </p>
      )}
      {!isWhole && (
        <div class="notice wrong" role="alert">
          <p>{texts.broken(findingCount)}</p>
          <p>{texts.whatToDo}</p>
        </div>
      )}
      {findings.length > 0 && <Findings findings={findings} findingCount={findingCount} />}
      <dl class="facts card">
        <dt>{texts.facts.verified}</dt>
        <dd>
          <Moment at={verifiedAt} />
        </dd>
        <dt>{texts.facts.lines}</dt>
        <dd>{lines}</dd>
        <dt>{texts.facts.first}</dt>
        <dd>{first}</dd>
        <dt>{texts.facts.files}</dt>
        <dd>{files}</dd>
        <dt>{texts.facts.chain}</dt>
        <dd>
          <code>{chain}</code>
        </dd>
      </dl>
      <CopyBox id="head" label={texts.head} text={head} />
      <p class="muted">{texts.headHint}</p>
    </>
  );
}

function Findings({ findings, findingCount }: Pick<PastVerification, 'findings' | 'findingCount'>) {
  const texts = usePage().t(verificationTexts);
  return (
    <>
      <Table label={texts.columns.problem} columns={[texts.columns.place, texts.columns.problem]} lang="en">
        {findings.map(({ place, problem }) => (
          <tr key={place + problem}>
            <th scope="row">
              <code>{place}</code>
            </th>
            <td>{problem}</td>
          </tr>
        ))}
      </Table>
      {findingCount > findings.length && <p class="muted">{texts.more(findingCount - findings.length)}</p>}
    </>
  );
}
