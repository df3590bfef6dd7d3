import pg from 'pg';
import type { DatabaseServer } from '../../config/database-url.js';
import { connectionOptions } from '../postgres/connection-options.js';
import { requirePrimary } from '../postgres/session.js';

const pauseMs = 1000;

/**
 * Listens for changes of other nodes. It only makes things quicker: a notice that is lost is made
 * up for by the next renewal of the lease.
 */
export class ChangeNotices {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private readonly options: readonly pg.ClientConfig[];
  private tried = 0;

  constructor(
    server: DatabaseServer,
    private readonly onNotice: () => void,
  ) {
    // Once, as the pool does: a certificate's file that is gone later must not end the process from within a timer.
    this.options = server.hosts.map((host) => connectionOptions(server, host));
  }

  start(): void {
    // No changes are made on a standby. So the hosts are tried in turn until one of them is the primary.
    const client = new pg.Client(this.options[this.tried++ % this.options.length]);
    this.client = client;
    const again = (): void => {
      if (this.isStopped || this.client !== client) return;
      this.client = undefined;
      client.end().catch(() => undefined);
      this.timer = setTimeout(() => {
        this.start();
      }, pauseMs).unref();
    };
    client.on('error', again).on('end', again).on('notification', this.onNotice);
    client
      .connect()
      .then(() => requirePrimary(client, this.options.length > 1))
      .then(() => client.query('LISTEN hearthkey_changes'))
      // What happened while nobody listened is caught up with.
      .then(this.onNotice)
      .catch(again);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }
}
