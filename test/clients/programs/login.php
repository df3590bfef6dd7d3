<?php
// In the manner of the PHP samples of old: the administrator's name and password, output as JSON.
// login.php COMMAND [ARG…]; URL, CA_FILE, USER and PASSWORD are in the environment.

$fields = ['user' => getenv('USER'), 'password' => getenv('PASSWORD'), 'returncode' => 'no', 'cmd' => $argv[1]];
foreach (array_slice($argv, 2) as $index => $value) {
    $fields['arg' . ($index + 1)] = $value;
}

$curl = curl_init(getenv('URL'));
curl_setopt_array($curl, [
    CURLOPT_CAINFO => getenv('CA_FILE'),
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_POST => true,
    // An array: PHP sends it as multipart/form-data.
    CURLOPT_POSTFIELDS => $fields,
]);
$answer = curl_exec($curl);

$data = json_decode($answer, true);
echo is_array($data) ? implode(' ', array_keys($data)) . "\n" : "{$answer}\n";
