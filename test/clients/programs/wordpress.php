<?php
// The cache plug-in for WordPress: a form with returncode=yes over HTTP/1.0 (what WordPress speaks unless told
// otherwise), on a connection of its own. It reads the header Hestia-Exit-Code and nothing else; one that is missing
// counts as 0 for it, as `null != 0` is false in PHP.
// wordpress.php USER DOMAIN; URL, ACCESS_KEY and SECRET_KEY are in the environment.
require __DIR__ . '/post.php';

$fields = [
    'hash' => getenv('ACCESS_KEY') . ':' . getenv('SECRET_KEY'),
    'returncode' => 'yes',
    'cmd' => 'v-purge-nginx-cache',
    'arg1' => $argv[1],
    'arg2' => $argv[2],
];
$options = [CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_0, CURLOPT_FORBID_REUSE => true];
$answer = told($fields, post(http_build_query($fields), ['Connection: close'], $options));
echo $answer['exitCode'] != 0 ? "could not be purged: {$answer['exitCode']}\n" : "purged\n";
