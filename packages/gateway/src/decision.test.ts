import { describe, expect, it } from '@jest/globals';
import { answerRestDenial } from '../../../src/http/rest/rest-answer.js';
import { denyReasons as serviceReasons, type DenyReason } from '../../../src/errors.js';
import { denialAnswer } from './denial-answer.js';
import { denyReasons, gatewayReasons, type GatewayReason } from './decision.js';

describe('the reasons of a denial', () => {
  it("are the service's, with the same codes", () => {
    expect(denyReasons).toEqual(serviceReasons);
  });

  it('are none of those that are made here, which all begin with gateway_', () => {
    for (const reason of Object.keys(gatewayReasons)) expect(reason).toMatch(/^gateway_/);
    expect(Object.keys(serviceReasons).filter((reason) => reason.startsWith('gateway_'))).toEqual([]);
  });

  it('never have code 0', () => {
    expect([...Object.values(denyReasons), ...Object.values(gatewayReasons)]).not.toContain(0);
  });
});

describe('what a denied client gets', () => {
  it("has the status and the headers of the service's REST dialect for each reason", () => {
    for (const [reason, code] of Object.entries(serviceReasons) as [DenyReason, number][]) {
      const rest = answerRestDenial({ outcome: 'deny', reason, code: serviceReasons[reason] }, 'text');
      const { status, headers, body } = denialAnswer({ reason, code });
      expect({ reason, status }).toEqual({ reason, status: rest.status });
      expect(headers['WWW-Authenticate']).toBe(rest.headers?.['WWW-Authenticate']);
      if (status === 503) expect(headers['Retry-After']).toBe(rest.headers?.['Retry-After']);
      expect(body.code).toBe(code);
    }
  });

  it('is the same for every reason of a status and a code, so that it does not tell the reason', () => {
    const known = new Map<string, string>();
    for (const [reason, code] of Object.entries(denyReasons) as [DenyReason, number][]) {
      const answer = denialAnswer({ reason, code });
      const text = JSON.stringify(answer);
      expect(text).not.toContain(reason);
      const same = `${String(answer.status)} ${String(code)}`;
      expect(known.get(same) ?? text).toBe(text);
      known.set(same, text);
    }
  });

  it('is 503 with Retry-After where the service gave no decision', () => {
    const unavailable: GatewayReason[] = [
      ...(['gateway_unreachable', 'gateway_timeout', 'gateway_bad_answer', 'gateway_refused'] as const),
      ...(['gateway_overloaded', 'gateway_closed'] as const),
    ];
    for (const reason of unavailable)
      expect(denialAnswer({ reason, code: gatewayReasons[reason] })).toMatchObject({
        status: 503,
        headers: { 'Retry-After': '1' },
      });
  });

  it('follows the code where the reason is not known here', () => {
    const statusOf = (code: number): number =>
      denialAnswer({ reason: 'gateway_unknown_reason', code }).status;
    expect([9, 10, 13, 14, 17, 21, 99].map(statusOf)).toEqual([401, 403, 503, 503, 503, 403, 403]);
  });
});
