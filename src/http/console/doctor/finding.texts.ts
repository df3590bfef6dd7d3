import { englishFindings, type FindingCode, type FindingTexts } from '../../../doctor/finding.js';
import type { FindingText } from '../../../doctor/texts/finding-text.js';
import type { FindingDto } from '../../administration/insight/insight.dto.js';
import { translations } from '../languages.js';
import { germanKeyFindings } from './key-findings.de.js';
import { germanRoleFindings } from './role-findings.de.js';
import { germanSetupFindings } from './setup-findings.de.js';

/** Findings, which come as data, in the words of each language by their codes. */
export const findingTexts = translations<FindingTexts>({
  en: englishFindings,
  de: { ...germanKeyFindings, ...germanSetupFindings, ...germanRoleFindings },
});

export function tellFinding(texts: FindingTexts, { code, params }: FindingDto): FindingText {
  return (texts[code as FindingCode] as (params: object) => FindingText)(params);
}
