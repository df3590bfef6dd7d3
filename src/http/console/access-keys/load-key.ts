import type { AccessKeyDto, AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import type { AuditCountsDto, AuditEventPageDto } from '../../administration/audit/audit-event.dto.js';
import type { KeyUsageDto, QuotaStateDto } from '../../administration/usage/key-usage.dto.js';
import type { TrialDto, TrialListDto } from '../../administration/trials/trial.dto.js';
import type { Page } from '../page.js';
import { ApiProblem } from '../api/api-problem.js';
import { ownerOf } from './key-owner.js';
import { keyResource } from './key-paths.js';
import { keyPageTexts } from './key-page.texts.js';
import type { KeyTrial, KeyView } from './key-view.js';
import { useByDay } from './use-chart.js';

const dayMs = 86_400_000;
const defaultDays = '30';
const mostEvents = 10;
const mostChildren = 100;

/** Reads what the page of a key shows; its use in the days that the query names. */
export async function loadKey(page: Page, id: string, nowMs: number): Promise<KeyView> {
  const { api, url } = page;
  const accessKey = await api.get<AccessKeyDto>(keyResource(id));
  const days = readDays(url.searchParams.get('days'));
  const since = startOfDays(Number(days), nowMs);
  const of = { accessKeyId: accessKey.accessKeyId };
  const events = '/v1/audit-events';
  const [apis, trial, quotas, children, byDay, byCommand, denials, changes] = await Promise.all([
    api.get<ApiListDto>('/v1/apis'),
    loadTrial(api, id),
    loadQuotas(api, accessKey, nowMs),
    api.get<AccessKeyPageDto>('/v1/access-keys', { madeBy: id, user: accessKey.user, limit: mostChildren }),
    api.get<AuditCountsDto>(`${events}/counts`, { ...of, since, by: 'outcome', interval: 'day' }),
    api.get<AuditCountsDto>(`${events}/counts`, { ...of, since, by: 'command', outcome: 'allow' }),
    api.get<AuditEventPageDto>(events, { ...of, type: 'decision', outcome: 'deny', limit: mostEvents }),
    api.get<AuditEventPageDto>(events, { ...of, type: 'change', limit: mostEvents }),
  ]);
  return {
    ...{ accessKey, trial, quotas, children, apis: apis.items, days, commandUses: byCommand.items },
    owner: await ownerOf(page, accessKey.user, apis.items),
    uses: useByDay(byDay.items, Number(days), nowMs),
    ...{ denials: denials.items, changes: changes.items },
  };
}

/** Only how far they are used up: since now nothing was used. */
async function loadQuotas(
  api: Page['api'],
  { accessKeyId, quota, madeBy }: AccessKeyDto,
  nowMs: number,
): Promise<readonly QuotaStateDto[]> {
  if (quota === null && madeBy === null) return [];
  const since = new Date(nowMs).toISOString();
  return (await api.get<KeyUsageDto>(`${keyResource(accessKeyId)}/usage`, { since })).quotas;
}

/** Undefined: nothing is tried of the key, or no longer since it was asked. */
async function loadTrial(api: Page['api'], id: string): Promise<KeyTrial | undefined> {
  const { items } = await api.get<TrialListDto>('/v1/trials', { accessKeyId: id });
  if (items.length === 0) return undefined;
  try {
    const { value: report, headers } = await api.send<TrialDto>('GET', `${keyResource(id)}/trial`);
    return { report, state: String(headers.etag) };
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

function readDays(text: string | null): string {
  return text !== null && Object.hasOwn(keyPageTexts.en.periods, text) ? text : defaultDays;
}

/** Midnight in UTC, so that the first day is a whole one. */
function startOfDays(days: number, nowMs: number): string {
  return new Date(Math.floor(nowMs / dayMs) * dayMs - (days - 1) * dayMs).toISOString();
}
