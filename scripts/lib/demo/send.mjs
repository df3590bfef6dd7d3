/**
 * Sends one request: a form, or JSON, with an access key as the bearer where there is one.
 *
 * Answers the status, the return code (in Hestia's dialect a header, else in the body; undefined where there is none)
 * and the body.
 */
export async function send(url, { method, path, form, bearer, json }) {
  const headers = {};
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  if (json !== undefined) headers['content-type'] = 'application/json';
  const body = form === undefined ? json && JSON.stringify(json) : new URLSearchParams(form);
  const response = await fetch(`${url}${path}`, { method, headers, body });
  const text = (await response.text()).trim();
  const inHeader = response.headers.get('hestia-exit-code');
  const code = inHeader === null ? /"code":(\d+)/.exec(text)?.[1] : inHeader;
  return { status: response.status, code: code === undefined ? undefined : Number(code), body: text };
}
