import type { CallOptions, Http } from '../http.js';
import type { Schemas } from '../operation-types.js';

/** `/v1/approvals`: changes that wait for a second person. */
export class Approvals {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(options?: CallOptions): Promise<Schemas['ApprovalList']> {
    return this.#http.send('get', '/v1/approvals', {}, options);
  }

  /** As somebody else than the one who asked, in a session. */
  approve(approvalId: string, options?: CallOptions): Promise<Schemas['Approval']> {
    const input = { parameters: { approvalId } };
    return this.#http.send('post', '/v1/approvals/{approvalId}/approve', input, options);
  }

  reject(approvalId: string, options?: CallOptions): Promise<undefined> {
    const input = { parameters: { approvalId } };
    return this.#http.send('delete', '/v1/approvals/{approvalId}', input, options);
  }
}
