<?php
// What the PHP clients share: one POST with curl, the server's certificate unverified as they all have it, and a line
// that says what was asked and answered: `COMMAND ARG… -> STATUS EXIT-CODE BODY`, secrets left out.

const SECRET_PLACES = ['v-add-user' => 2, 'v-change-user-password' => 2];

/** @return array{status: int, exitCode: ?string, body: string} */
function post(string|array $body, array $headers = [], array $options = []): array
{
    static $curl = null;
    $curl ??= curl_init(); // kept, as curl keeps the connection too
    curl_reset($curl);
    $exitCode = null;
    curl_setopt_array($curl, $options + [
        CURLOPT_URL => getenv('URL'),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_SSL_VERIFYPEER => false,
        CURLOPT_SSL_VERIFYHOST => 0,
        CURLOPT_TIMEOUT => 120,
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$exitCode): int {
            if (preg_match('/^hestia-exit-code:\s*(\S*)/i', $line, $found)) $exitCode = $found[1];
            return strlen($line);
        },
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new Exception('no answer: ' . curl_error($curl));
    }
    return ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'exitCode' => $exitCode, 'body' => $answer];
}

function told(array $fields, array $answer): array
{
    $words = [];
    for ($place = 1; isset($fields["arg{$place}"]); $place++) {
        $isSecret = $place === (SECRET_PLACES[$fields['cmd']] ?? 0);
        $words[] = $isSecret ? '***' : ($fields["arg{$place}"] === '' ? "''" : $fields["arg{$place}"]);
    }
    $asked = implode(' ', [$fields['cmd'], ...$words]);
    $exitCode = $answer['exitCode'] ?? '-';
    $text = strtok($answer['body'], "\n");
    echo "{$asked} -> {$answer['status']} {$exitCode} ", $text === false ? "''" : $text, "\n";
    return $answer;
}

/** `$answer == 0` as PHP 7 compares it: words are 0, and so success. */
function isZeroInPhp7(string $answer): bool
{
    return (float) $answer === 0.0;
}
