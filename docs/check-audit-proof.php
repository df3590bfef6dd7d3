<?php
// Checks a proof of v-prove-audit-event NUMBER json, with nothing of Hearthkey's:
//   php check-audit-proof.php PROOF.json KEY.vkey [WITNESS.vkey]...
// KEY.vkey is the public key of the node (<data>-audit/key.vkey), kept by the one who checks. Exits with 0 or 1.
function fail(string $why): never {
    fwrite(STDERR, "not proved: $why\n");
    exit(1);
}

// A key as C2SP writes it: NAME+ID+BASE64 of one byte for the kind, and the 32 bytes of Ed25519.
function read_key(string $file): array {
    $parts = explode('+', trim((string) file_get_contents($file)), 3);
    $bytes = base64_decode($parts[2] ?? '', true);
    if ($bytes === false || strlen($bytes) !== 33 || $bytes[0] !== "\x01") fail("$file is no public key");
    return ['name' => $parts[0], 'public' => substr($bytes, 1)];
}

// What follows the key's four bytes in its signature lines; the kind is 1 for the node, 4 for a witness.
function signatures(string $lines, array $key, string $kind): array {
    $id = substr(hash('sha256', $key['name'] . "\n" . $kind . $key['public'], true), 0, 4);
    $found = [];
    foreach (explode("\n", $lines) as $line) {
        $words = explode(' ', $line);
        $blob = base64_decode($words[2] ?? '', true);
        if ($words[0] !== "\u{2014}" || ($words[1] ?? '') !== $key['name'] || $blob === false) continue;
        if (substr($blob, 0, 4) === $id) $found[] = substr($blob, 4);
    }
    return $found;
}

function node(string $left, string $right): string {
    return hash('sha256', "\x01" . $left . $right, true);
}

// RFC 9162, 2.1.3.2.
function root_of(string $leaf, int $index, int $size, array $path): string {
    [$place, $last, $value] = [$index, $size - 1, $leaf];
    foreach ($path as $sibling) {
        if ($last === 0) fail('the path is too long');
        if ($place % 2 === 1 || $place === $last) {
            $value = node($sibling, $value);
            while ($place % 2 === 0 && $place !== 0) [$place, $last] = [$place >> 1, $last >> 1];
        } else {
            $value = node($value, $sibling);
        }
        [$place, $last] = [$place >> 1, $last >> 1];
    }
    if ($last !== 0) fail('the path is too short');
    return $value;
}

if ($argc < 3) fail('php check-audit-proof.php PROOF.json KEY.vkey [WITNESS.vkey]...');
$proof = json_decode((string) file_get_contents($argv[1]), true);
if (!is_array($proof)) fail('the proof is no JSON');
[$text, $lines] = array_pad(explode("\n\n", $proof['checkpoint'] ?? '', 2), 2, '');
$text .= "\n";
$key = read_key($argv[2]);
$signed = array_filter(signatures($lines, $key, "\x01"),
    fn ($signature) => strlen($signature) === 64
        && sodium_crypto_sign_verify_detached($signature, $text, $key['public']));
if ($signed === []) fail('the head is not signed with that key');
if (!preg_match('~^(hearthkey/[0-9a-f]{32}(?:/(\d+))?)\n(\d+)\n(\S+)\n$~', $text, $head)) fail('this is no head of a record');
[, $origin, $begin, $size, $root] = $head;

$index = (int) $proof['index'];
if ($index < 0 || $index >= (int) $size) fail('the event is not in that tree');
$number = $index + ($begin === '' ? 1 : (int) $begin);
if (!str_starts_with($proof['content'], "{\"seq\":$number,")) fail('the event has another number');
$path = array_map(fn ($hash) => base64_decode($hash, true), $proof['path']);
$leaf = hash('sha256', "\0" . $proof['content'], true);
if (!hash_equals(base64_decode($root), root_of($leaf, $index, (int) $size, $path))) fail('the event is not in the tree');

foreach (array_slice($argv, 3) as $file) {
    $witness = read_key($file);
    $seen = null;
    foreach (signatures($lines, $witness, "\x04") as $blob) {
        if (strlen($blob) !== 72) continue;
        $time = unpack('J', substr($blob, 0, 8))[1];
        $message = "cosignature/v1\ntime $time\n$text";
        if (sodium_crypto_sign_verify_detached(substr($blob, 8), $message, $witness['public'])) $seen = $time;
    }
    if ($seen === null) fail("{$witness['name']} has not signed that head");
    echo "seen by {$witness['name']} at " . gmdate('Y-m-d\TH:i:s\Z', $seen) . "\n";
}
echo "proved: event $number of $origin, in a tree of $size, signed by {$key['name']}\n{$proof['content']}}\n";
