/** Of one access key in REST v1. */
export function keyResource(id: string): string {
  return `/v1/access-keys/${encodeURIComponent(id)}`;
}

/** Its page. */
export function keyPath(id: string): string {
  return `/console/keys/${encodeURIComponent(id)}`;
}
