<?php
// In the manner of the PHP samples: a form, a key in `hash`, and the code alone as the answer.
// sample.php COMMAND [ARG…]; URL, CA_FILE and HASH are in the environment.

$query = ['hash' => getenv('HASH'), 'returncode' => 'yes', 'cmd' => $argv[1]];
foreach (array_slice($argv, 2) as $index => $value) {
    $query['arg' . ($index + 1)] = $value;
}

$curl = curl_init();
curl_setopt($curl, CURLOPT_URL, getenv('URL'));
curl_setopt($curl, CURLOPT_CAINFO, getenv('CA_FILE'));
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_setopt($curl, CURLOPT_POST, true);
curl_setopt($curl, CURLOPT_POSTFIELDS, http_build_query($query));
$answer = curl_exec($curl);

if ($answer === '0') {
    echo "{$argv[1]} has been done\n";
} else {
    echo "{$argv[1]} returned the error code: {$answer}\n";
}
