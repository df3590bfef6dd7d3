import { expect, it } from '@jest/globals';
import { parseAddressRange } from './address-range.js';
import { UntrustedProxies } from './untrusted-proxies.js';

it('a sender that is no trusted proxy is remembered and logged once; of very many the busiest are kept', () => {
  const logged: string[] = [];
  const trusted = [parseAddressRange('192.0.2.0/24')!];
  const proxies = new UntrustedProxies(trusted, (address) => logged.push(address));
  for (const address of ['192.0.2.7', undefined, '10.0.0.5', '::ffff:10.0.0.5', '10.0.0.5'])
    proxies.note(address);
  expect(proxies.list()).toEqual([{ address: '10.0.0.5', count: 3 }]);
  for (let index = 0; index < 10_000; index++)
    proxies.note(`198.51.${String(index >> 8)}.${String(index & 255)}`);
  expect(proxies.list()).toHaveLength(64);
  expect(proxies.list()[0]).toEqual({ address: '10.0.0.5', count: 3 });
  expect(logged).toHaveLength(8);
  expect(logged.slice(0, 2)).toEqual(['10.0.0.5', '198.51.0.0']);
});
