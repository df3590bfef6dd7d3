<?php
// In the manner of a billing system's module: what happens to a customer's account, one call each.
// billing.php create|suspend|unsuspend|package|password|terminate NAME [VALUE…]
// URL, CA_FILE and HASH are in the environment. Prints `success`, or why not.

const COMMANDS = [
    'create' => 'v-add-user',
    'suspend' => 'v-suspend-user',
    'unsuspend' => 'v-unsuspend-user',
    'package' => 'v-change-user-package',
    'password' => 'v-change-user-password',
    'terminate' => 'v-delete-user',
];
const REASONS = [
    '2' => 'an argument is not valid',
    '3' => 'there is no such account',
    '4' => 'there is such an account already',
    '5' => 'the account is suspended already',
    '6' => 'the account is not suspended',
    '9' => 'the key is not valid',
    '10' => 'the key may not do that',
];

function call(string $command, array $arguments): string
{
    $fields = ['hash' => getenv('HASH'), 'returncode' => 'yes', 'cmd' => $command];
    foreach (array_values($arguments) as $index => $argument) {
        $fields['arg' . ($index + 1)] = $argument;
    }
    $curl = curl_init(getenv('URL'));
    curl_setopt_array($curl, [
        CURLOPT_CAINFO => getenv('CA_FILE'),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_POSTFIELDS => http_build_query($fields),
        CURLOPT_TIMEOUT => 20,
    ]);
    $answer = curl_exec($curl);
    return $answer === false ? curl_error($curl) : $answer;
}

$code = call(COMMANDS[$argv[1]], array_slice($argv, 2));
echo $code === '0' ? 'success' : (REASONS[$code] ?? "error {$code}"), "\n";
