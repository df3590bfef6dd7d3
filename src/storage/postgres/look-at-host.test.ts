import { expect, it } from '@jest/globals';
import { otherServerOf } from './look-at-host.js';

it.each([
  ['CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.13)', 'CockroachDB'],
  ['PostgreSQL 15.2-YB-2.25.0.0-b489 on x86_64-pc-linux-gnu, compiled by clang, 64-bit', 'YugabyteDB'],
  ['PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC 3.4.2, Redshift 1.0.12103', 'Amazon Redshift'],
  ['PostgreSQL 12.12 (Greenplum Database 7.0.0 build commit:0a7a3566) on x86_64-pc-linux-gnu', 'Greenplum'],
  ['PostgreSQL 12.3, compiled by Visual C++ build 1914, 64-bit, QuestDB', 'QuestDB'],
  ['CrateDB 5.6.3 (built 1a2b3c4/2024-03-12, Linux 6.1, OpenJDK 64-Bit Server VM 21)', 'CrateDB'],
  ['', 'a server of another kind'],
])('%j is no PostgreSQL, but %s', (version, name) => {
  expect(otherServerOf(version)).toBe(name);
});

it.each([
  'PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit',
  'PostgreSQL 17.2 on aarch64-unknown-linux-musl, compiled by gcc (Alpine 14.2.0) 14.2.0, 64-bit',
  'PostgreSQL 16.4 (EnterpriseDB Advanced Server 16.4.1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit',
])('%j is PostgreSQL', (version) => {
  expect(otherServerOf(version)).toBeUndefined();
});
