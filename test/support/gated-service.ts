/** A service as the pages of docs/integrations speak of it: alice has a key for mail, and clients come from one place. */
import { join } from 'node:path';
import type { Key } from './client.js';
import { temporaryFolder } from './folders.js';
import { TestService } from './test-service.js';

export interface GatedService {
  service: TestService;
  gateSocket: string;
  alice: Key;
}

/** @param clients - the addresses that may call */
export async function startGatedService(
  clients: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<GatedService> {
  const gateSocket = join(temporaryFolder(), 'gate.sock');
  const service = await TestService.start({ GATE_SOCKET: gateSocket, ...settings });
  await service.ok('v-change-sys-config-value', 'API_SYSTEM', '2');
  for (const address of clients) await service.ok('v-add-sys-api-ip', address);
  await service.addUser('alice');
  return { service, gateSocket, alice: await service.makeKey('alice', 'mail-accounts') };
}

/** What the pages have where a reader puts his own. */
export function ownValues({ service, alice }: GatedService): Record<string, string> {
  return {
    'http://127.0.0.1:8183': service.url,
    InNqgp01kO3v0W22eg6Z: alice.id,
    SECRET: alice.secret,
  };
}
