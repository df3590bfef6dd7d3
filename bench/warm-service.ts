import { seededSecret } from './seed.js';
import type { BenchService } from './service.js';
import type { WrkRequest } from './wrk.js';

export const user = 'bench';
const json = 'application/json';
/** argon2 runs at once as the machine has threads for it; more would only wait. */
const lanes = 4;

/** Starts the service, uses each key once, so that its secret is proved, measures, and ends it. */
export async function withWarmService<T>(
  service: BenchService,
  ids: readonly string[],
  measure: (ids: readonly string[]) => Promise<T>,
): Promise<T> {
  try {
    await service.start();
    service.open();
    service.ok('v-change-api', ['mail-accounts', 'user', 'v-list-mail-domains']);
    const rest = ids.values();
    const lane = async (): Promise<void> => {
      for (const id of rest) {
        const answer = await service.post('/v1/authorize', json, question(id));
        if (!answer.includes('"allowed":true')) throw new Error(answer);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return await measure(ids);
  } finally {
    await service.stop();
  }
}

export function authorizeRequest(ids: readonly string[]): WrkRequest {
  return { path: '/v1/authorize', type: json, bodies: ids.map((id) => question(id)) };
}

export function question(accessKeyId: string, secretAccessKey = seededSecret): string {
  const command = { command: 'v-list-mail-domains', args: [user], clientIp: '127.0.0.1' };
  return JSON.stringify({ accessKeyId, secretAccessKey, ...command });
}
