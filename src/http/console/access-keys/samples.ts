/** Where a program finds the service, and with what it is let in. */
export interface Credentials {
  /** Such as `https://panel.example.com`. */
  origin: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Settings for a program's environment, as many frameworks read them. */
export function envFile({ origin, accessKeyId, secretAccessKey }: Credentials): string {
  return [
    `HEARTHKEY_URL=${origin}`,
    `HEARTHKEY_ACCESS_KEY_ID=${accessKeyId}`,
    `HEARTHKEY_SECRET_ACCESS_KEY=${secretAccessKey}`,
    '',
  ].join('\n');
}

/** Asks who the key is: every key that may be used at all may. The secret is in no argument, which others could see. */
export function curlSample({ origin, accessKeyId, secretAccessKey }: Credentials): string {
  return [
    "curl --fail-with-body --config - <<'END'",
    `url = "${origin}/v1/whoami"`,
    `header = "Authorization: Bearer ${accessKeyId}:${secretAccessKey}"`,
    'END',
  ].join('\n');
}

/** The same in PHP 8 without a library, with the `.env` in the environment. */
export const phpSample = `<?php
$context = stream_context_create(['http' => [
    'header' => 'Authorization: Bearer '
        . getenv('HEARTHKEY_ACCESS_KEY_ID') . ':' . getenv('HEARTHKEY_SECRET_ACCESS_KEY'),
    'ignore_errors' => true,
    'timeout' => 10,
]]);
$answer = file_get_contents(getenv('HEARTHKEY_URL') . '/v1/whoami', false, $context);
if ($answer === false) exit("The service does not answer\\n");
print_r(json_decode($answer, true));
`;

/** A command in the dialect of the panel's API. */
export function commandSample(
  { origin, accessKeyId, secretAccessKey }: Credentials,
  command: string,
  args: readonly string[],
): string {
  const fields = args.map((arg, index) => `data-urlencode = "arg${String(index + 1)}=${arg}"`);
  return [
    "curl --config - <<'END'",
    `url = "${origin}/api/"`,
    `data = "hash=${accessKeyId}:${secretAccessKey}"`,
    `data = "cmd=${command}"`,
    ...fields,
    'END',
  ].join('\n');
}
