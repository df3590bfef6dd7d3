import type { FindingDto, FindingListDto } from '../../administration/insight/insight.dto.js';
import { Empty } from '../components/empty.js';
import { usePage } from '../page.js';
import { doctorTexts } from './doctor.texts.js';
import { findingTexts, tellFinding } from './finding.texts.js';

/** Findings, the most urgent kinds first. */
export function DoctorPage({ findings: { items } }: { findings: FindingListDto }) {
  const { t, url } = usePage();
  const texts = t(doctorTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <a class="button" href={url.pathname}>
          {texts.again}
        </a>
      </div>
      <p class="muted">{texts.intro}</p>
      {/* The overview takes it from here. */}
      <p class="figure" id="finding-count">
        <a href={url.pathname}>{texts.count(items.length)}</a>
      </p>
      {items.length === 0 && (
        <Empty title={texts.none}>
          <p>{texts.noneHint}</p>
        </Empty>
      )}
      {items.map((finding) => (
        <Finding key={finding.check + finding.subject} finding={finding} />
      ))}
    </>
  );
}

function Finding({ finding }: { finding: FindingDto }) {
  const { t } = usePage();
  const texts = t(doctorTexts);
  const { subject, problem, advice } = tellFinding(t(findingTexts), finding);
  return (
    <article class="card">
      <h2>
        <bdi>{subject}</bdi>
      </h2>
      <p class="sentence">
        <bdi>{problem}</bdi> <code class="muted">{finding.check}</code>
      </p>
      <h3>{texts.advice}</h3>
      <p>
        <bdi>
          <WithCommands text={advice} />
        </bdi>
      </p>
    </article>
  );
}

/** Commands stand out, to be copied: each goes up to a comma, a parenthesis or the end (finding-text.ts). */
function WithCommands({ text }: { text: string }) {
  const parts = text.split(/(\b(?:v-|hearthkey )[a-z][^,()]*)/);
  return (
    <>
      {parts.map((part, place) =>
        place % 2 === 1 ? <code key={part + String(place)}>{part.trim()}</code> : part,
      )}
    </>
  );
}
