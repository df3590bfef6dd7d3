import { expect, it } from '@jest/globals';
import { readRemedy } from './remedies.js';

const id = 'A'.repeat(20);

it.each([
  ['v-add-sys-api-ip 203.0.113.9', 'POST', '/v1/allowed-ips', { address: '203.0.113.9' }],
  ['v-change-sys-api enable api', 'PATCH', '/v1/settings', { accessKeyApi: 'root_user' }],
  ['v-change-sys-config-value API_SYSTEM 2', 'PATCH', '/v1/settings', { accessKeyApi: 'all_users' }],
  [`v-unsuspend-access-key ${id}`, 'POST', `/v1/access-keys/${id}/unsuspend`, {}],
  ['v-unsuspend-user alice', 'POST', '/v1/users/alice/unsuspend', {}],
  [
    `v-change-access-key ${id} PERMISSIONS billing,mail`,
    'PATCH',
    `/v1/access-keys/${id}`,
    { permissions: ['billing', 'mail'] },
  ],
  [
    `v-change-access-key ${id} --allow-ip 192.0.2.1,203.0.113.0/24`,
    'PATCH',
    `/v1/access-keys/${id}`,
    { allowedAddresses: ['192.0.2.1', '203.0.113.0/24'] },
  ],
  [`v-change-access-key ${id} --allow-ip any`, 'PATCH', `/v1/access-keys/${id}`, { allowedAddresses: null }],
  [`v-change-access-key ${id} --expires 90d`, 'PATCH', `/v1/access-keys/${id}`, { expiresIn: '90d' }],
])('makes of %j the request that does it', (text, method, path, body) => {
  expect(readRemedy({ code: 'commands', params: { commands: [text] } })).toMatchObject({
    method,
    path,
    body,
  });
});

it('takes the first of several commands', () => {
  const commands = [`v-unsuspend-access-key ${id}`, `v-change-access-key ${id} --adopt`];
  expect(readRemedy({ code: 'commands', params: { commands } })?.path).toBe(
    `/v1/access-keys/${id}/unsuspend`,
  );
});

it.each([
  { code: 'other_command', params: {} },
  // Read-only mode refuses it over the API, too.
  { code: 'commands', params: { commands: ['v-change-sys-config-value DEMO_MODE no'] } },
  { code: 'wait', params: { command: `v-change-access-key ${id} --rate-limit none` } },
  { code: 'own_address', params: {} },
  // The first of them alone would allow nothing.
  {
    code: 'commands_in_turn',
    params: { commands: ['v-add-sys-api-ip 203.0.113.9', `v-change-access-key ${id} PERMISSIONS run-x`] },
  },
  { code: 'commands', params: { commands: ['v-change-api mail user v-x v-x'] } },
  { code: 'commands', params: { commands: ['v-add-sys-api-ip 203.0.113.9 203.0.113.10'] } },
  { code: 'commands', params: { commands: [`v-delete-access-key ${id}`] } },
])('offers nothing for %j', (message) => {
  expect(readRemedy(message)).toBeUndefined();
});
