/** Of one API role in REST v1. */
export function apiResource(name: string): string {
  return `/v1/apis/${encodeURIComponent(name)}`;
}

/** Its page. Where a new one is made is no page of a role that has this name, but its editor is. */
export function apiPath(name: string): string {
  return name === 'new' ? editorPath(name) : `/console/apis/${encodeURIComponent(name)}`;
}

export function editorPath(name: string): string {
  return `/console/apis/${encodeURIComponent(name)}/change`;
}
