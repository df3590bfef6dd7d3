/** Times that a connection has; milliseconds. */
export interface HttpTimeouts {
  /** Until the head of a request has come, from the start of the connection or of the request. */
  headMs: number;
  /** Until the whole request has come. */
  requestMs: number;
  /** Until TLS is agreed on. */
  handshakeMs: number;
  /** How often those are looked at. */
  checkMs: number;
}

export const httpTimeouts: HttpTimeouts = {
  headMs: 30_000,
  requestMs: 30_000,
  handshakeMs: 30_000,
  checkMs: 1_000,
};

/** As Node.js' server takes them. */
export function nodeTimeouts({ headMs, requestMs, checkMs }: HttpTimeouts) {
  return { headersTimeout: headMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs };
}
