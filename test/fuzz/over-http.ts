import type { Random } from '../faults/random.js';
import { Finding, type Adapter } from './adapter.js';
import { HttpPort } from './exchange.js';
import { KnownWorld } from './world.js';

export interface HttpAdapter {
  name: string;
  what: string;
  settings?: Readonly<Record<string, string>>;
  /** No input may change anything that is kept. */
  changesNothing?: true;
  tryOne: (world: KnownWorld, http: HttpPort, random: Random) => Promise<string>;
}

/** An adapter of a service that is asked over HTTP, twelve requests at a time. */
export function overHttp({ name, what, settings = {}, changesNothing, tryOne }: HttpAdapter): Adapter {
  return {
    ...{ name, what, atOnce: 12 },
    async open() {
      const world = await KnownWorld.start(settings);
      const before = await world.state();
      const http = new HttpPort(Number(new URL(world.service.url).port));
      return {
        pid: world.service.pid,
        try: (random) => tryOne(world, http, random),
        async close() {
          http.close();
          const after = await world.state();
          await world.end();
          if (changesNothing && after !== before)
            throw new Finding('a request has changed something', { before, after });
        },
      };
    },
  };
}
