/** The ways to a service: plain, over TLS, and through a proxy. */
import { join } from 'node:path';
import { CertificateAuthority } from '../support/certificates.js';
import { startCaddy } from '../support/caddy.js';
import { temporaryFolder } from '../support/folders.js';
import { hasProgram } from '../support/programs.js';
import { startCluster, type Cluster, type ClusterOptions } from './cluster.js';

export const doors = ['direct', 'tls', 'caddy'] as const;
export type DoorName = (typeof doors)[number];

export interface Door {
  cluster: Cluster;
  /** Where clients ask. */
  port: number;
  /** Who has signed the certificate there, with TLS. */
  ca: Buffer | undefined;
}

/** Whether it can be had here. */
export function isThere(name: DoorName): boolean {
  return name === 'direct' || hasProgram({ tls: 'openssl', caddy: 'caddy' }[name]);
}

/** Starts a cluster whose first node is asked through it. */
export async function startBehind(
  name: DoorName,
  { settings = {}, ...options }: ClusterOptions,
): Promise<Door> {
  if (name === 'caddy') return startBehindCaddy({ settings, ...options });
  const authority = name === 'tls' ? new CertificateAuthority() : undefined;
  const own = authority?.issue('localhost');
  const tls = own && { TLS_CERT: own.certFile, TLS_KEY: own.keyFile };
  const cluster = await startCluster({ ...options, settings: { ...settings, ...tls } });
  return { cluster, port: cluster.nodes[0]!.port, ca: authority?.ca };
}

/** Over a Unix socket, as docs/client-address.md has it for a proxy on the same machine. */
async function startBehindCaddy(options: ClusterOptions): Promise<Door> {
  if (options.on !== 'embedded') throw new Error('--through caddy is for --on embedded');
  const socket = join(temporaryFolder(), 'http.sock');
  const settings = { ...options.settings, LISTEN: `unix:${socket}` };
  const cluster = await startCluster({ ...options, settings });
  const port = await startCaddy(`HOST {\n\treverse_proxy unix/${socket}\n}\n`, 'HOST');
  return { cluster, port, ca: undefined };
}
