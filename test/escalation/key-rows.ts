/** All keys as an operator lists them, in the words of the documents. */
import type { WorldKey, WorldQuota } from '../explain/world.js';
import type { Client } from '../support/client.js';

export interface KeyRow {
  facts: WorldKey;
  makerId: string | undefined;
  /** All that the list has, but for the last use. */
  text: string;
}

export type KeyRows = ReadonlyMap<string, KeyRow>;

interface Line {
  ACCESS_KEY_ID: string;
  USER: string;
  PERMISSIONS: string[];
  EXPIRES: string;
  ALLOWED_IP: string[];
  RATE_LIMIT: string;
  SUSPENDED: 'yes' | 'no';
  MADE_BY: string;
  ONLY: string;
  CANARY: 'yes' | 'no';
  QUOTA: string;
}

export async function readKeyRows(service: Client): Promise<KeyRows> {
  const text = await service.ok('v-list-access-keys', '--format', 'jsonl');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [(JSON.parse(line) as Line).ACCESS_KEY_ID, readRow(line)]));
}

function readRow(text: string): KeyRow {
  const line = JSON.parse(text) as Line;
  const { ACCESS_KEY_ID, EXPIRES, ALLOWED_IP, RATE_LIMIT, ONLY, QUOTA, MADE_BY } = line;
  const facts: WorldKey = {
    ...{ id: ACCESS_KEY_ID, user: line.USER, permissions: line.PERMISSIONS },
    isSuspended: line.SUSPENDED === 'yes',
    ...(EXPIRES !== '' && { expiresAtMs: Date.parse(EXPIRES) }),
    ...(ALLOWED_IP.length > 0 && { allowIp: ALLOWED_IP }),
    ...(RATE_LIMIT !== '' && !RATE_LIMIT.endsWith('(REST)') && { perMinute: perMinuteOf(RATE_LIMIT) }),
    ...(QUOTA !== '' && { quota: quotaOf(QUOTA) }),
    ...(ONLY !== '' && { only: onlyOf(ONLY) }),
    ...(line.CANARY === 'yes' && { isCanary: true as const }),
  };
  return {
    ...{ facts, makerId: MADE_BY === '' ? undefined : MADE_BY },
    text: text.replace(/"LAST_USED[A-Z_]*":"[^"]*",/g, ''),
  };
}

function perMinuteOf(text: string): number {
  const [count = '', window = ''] = text.split('/');
  return Number(count) * ({ s: 60, min: 1, m: 1, h: 1 / 60 }[window] ?? Number.NaN);
}

function quotaOf(text: string): WorldQuota {
  const [count = '', unit = ''] = text.split('/');
  return { count: Number(count), unit: unit as WorldQuota['unit'], counted: {} };
}

function onlyOf(text: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    text.split(' ').map((each) => {
      const [name = '', values = ''] = each.split('=');
      return [name, values.split(',')];
    }),
  );
}

/** The keys that made it, the nearest first. */
export function makersOf({ makerId }: Pick<KeyRow, 'makerId'>, rows: KeyRows): WorldKey[] {
  if (makerId === undefined) return [];
  const maker = rows.get(makerId);
  if (maker === undefined)
    return [{ id: makerId, user: '', permissions: [], isSuspended: true, isGone: true }];
  return [maker.facts, ...makersOf(maker, rows)];
}
