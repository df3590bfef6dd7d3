import { describe, expect, it } from '@jest/globals';
import { findLookalike, findLookalikeInAll } from './authzen-members.js';

const question = {
  subject: { type: 'access_key', id: 'x', properties: { secretAccessKey: 'x', accessKeyId: 'x' } },
  action: { name: 'run', properties: { reason: 'x' } },
  resource: { type: 'command', id: 'v-x', properties: { args: [] } },
  context: { clientIp: '203.0.113.9' },
};
const context = (name: string, value: unknown = '203.0.113.9') => ({
  ...question,
  context: { [name]: value },
});

describe('a member that looks like one of ours', () => {
  it.each([
    ...['clientIP', 'ClientIp', 'clientip', 'client_ip', 'client-ip', 'CLIENT_IP', 'client ip', 'client.ip'],
    ...['clinetIp', 'clientIpp', 'cleintIp', 'cllientIp', 'clientI', 'clentip', 'klientIp', 'clientIpx'],
    ...[
      'ip',
      'IP',
      'ipAddress',
      'remoteIp',
      'remote_addr',
      'sourceIp',
      'clientAddress',
      'client_addr',
      'xForwardedFor',
    ],
    ...['X-Forwarded-For', 'x-real-ip', 'userIp', 'peerAddress', 'srcIp', 'callerIp', 'ip_address', 'addr'],
  ])('%s in the context means clientIp', (name) => {
    expect(findLookalike(context(name))).toEqual({ place: `context.${name}`, meant: 'clientIp' });
    // Beside the right one it is a second word on the same thing.
    const both = { ...question, context: { clientIp: '203.0.113.9', [name]: '203.0.113.9' } };
    expect(findLookalike(both)).toEqual({ place: `context.${name}`, meant: 'clientIp' });
  });

  it.each<[string, object, string]>([
    ['clientIp', { ...question, clientIp: 'x' }, 'clientIp'],
    ['subject.properties.clientIp', { ...question, subject: { properties: { clientIp: 'x' } } }, 'clientIp'],
    [
      'resource.properties.client_ip',
      { ...question, resource: { properties: { client_ip: 'x' } } },
      'clientIp',
    ],
    ['resource.args', { ...question, resource: { args: [] } }, 'args'],
    ['resource.properties.Args', { ...question, resource: { properties: { Args: [] } } }, 'args'],
    ['resource.properties.arguments', { ...question, resource: { properties: { arguments: [] } } }, 'args'],
    ['action.args', { ...question, action: { name: 'run', args: [] } }, 'args'],
    ['action.properties.args', { ...question, action: { name: 'run', properties: { args: [] } } }, 'args'],
    ['subject.properties.access_key_id', { subject: { properties: { access_key_id: 'x' } } }, 'accessKeyId'],
    ['subject.properties.acessKeyId', { subject: { properties: { acessKeyId: 'x' } } }, 'accessKeyId'],
    ['subject.secretAccessKey', { subject: { secretAccessKey: 'x' } }, 'secretAccessKey'],
    ['contxt', { ...question, contxt: {} }, 'context'],
    ['Context', { ...question, Context: {} }, 'context'],
    ['subject.ID', { ...question, subject: { ID: 'x' } }, 'id'],
  ])('%s is refused', (place, asked, meant) => {
    expect(findLookalike(asked)).toEqual({ place, meant });
  });

  it('is found among several questions, and in what counts for all', () => {
    expect(findLookalikeInAll({ ...question, evaluations: [{}, context('clientIP')] })).toEqual({
      place: 'evaluations[1].context.clientIP',
      meant: 'clientIp',
    });
    expect(findLookalikeInAll({ ...context('clientIP'), evaluations: [{}] })).toMatchObject({
      place: 'context.clientIP',
    });
    expect(findLookalikeInAll({ ...question, evaluation: [] } as object)).toMatchObject({
      meant: 'evaluations',
    });
    const options = { evaluationsSemantic: 'execute_all' };
    expect(findLookalikeInAll({ ...question, options } as object)).toMatchObject({
      meant: 'evaluations_semantic',
    });
  });

  it('is refused with an address in it though it is another word', () => {
    expect(findLookalike(context('clientId'))).toMatchObject({ meant: 'clientIp' });
    expect(findLookalike(context('client', ' 2001:db8::1 '))).toMatchObject({ meant: 'clientIp' });
  });
});

describe('any other member', () => {
  it.each([
    'time',
    'clientId',
    'client',
    'userAgent',
    'serverIp',
    'department',
    'x'.repeat(5000),
    '__proto__',
    '',
  ])('%s is passed over', (name) => {
    expect(findLookalike(context(name, 'a word'))).toBeUndefined();
  });

  it('is refused where there are more of them than are compared', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`x${String(index)}`, 1]));
    expect(findLookalike({ ...question, context: many })).toEqual({
      place: 'context.x999',
      meant: undefined,
    });
  });

  it('of a question as it should be is none', () => {
    expect(findLookalike(question)).toBeUndefined();
    const all = { ...question, evaluations: [question], options: { evaluations_semantic: 'x', more: 1 } };
    expect(findLookalikeInAll(all)).toBeUndefined();
  });
});
