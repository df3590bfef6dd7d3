import type { FindingDto, FindingListDto } from '../../administration/insight/insight.dto.js';
import { Empty } from '../components/empty.js';
import { usePage } from '../page.js';
import { doctorTexts } from './doctor.texts.js';

/** Findings, the most urgent kinds first. The service tells them in English. */
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

function Finding({ finding: { check, subject, problem, advice } }: { finding: FindingDto }) {
  const texts = usePage().t(doctorTexts);
  return (
    <article class="card">
      <h2 lang="en">
        <bdi>{subject}</bdi>
      </h2>
      <p lang="en">
        <bdi>{problem}</bdi> <code class="muted">{check}</code>
      </p>
      <h3>{texts.advice}</h3>
      <p lang="en">
        <bdi>{advice}</bdi>
      </p>
    </article>
  );
}
