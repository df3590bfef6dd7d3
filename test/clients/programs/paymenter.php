<?php
// Two extensions for Paymenter: `json` sends JSON without returncode, `form` a form with returncode=json. Both throw at
// a status that is not 2xx; the second also at a Hestia-Exit-Code that is not 0.
// paymenter.php json|form ACTION [VALUE…]; URL, ACCESS_KEY and SECRET_KEY are in the environment.
require __DIR__ . '/post.php';

function request(string $kind, string $command, string ...$arguments): string
{
    $fields = ['hash' => getenv('ACCESS_KEY') . ':' . getenv('SECRET_KEY')];
    if ($kind === 'form') $fields['returncode'] = 'json';
    $fields['cmd'] = $command;
    foreach ($arguments as $index => $argument) {
        $fields['arg' . ($index + 1)] = $argument;
    }
    $answer = $kind === 'json'
        ? post(json_encode($fields), ['Content-Type: application/json'])
        : post(http_build_query($fields), ['Accept: application/json']);
    told($fields, $answer);
    if ($answer['status'] < 200 || $answer['status'] >= 300) {
        throw new Exception("HTTP error {$answer['status']}");
    }
    if ($kind === 'form' && $answer['exitCode'] !== null && $answer['exitCode'] !== '0') {
        throw new Exception("failed with exit code {$answer['exitCode']}");
    }
    return $answer['body'];
}

function act(string $kind, string $action, string ...$values): void
{
    match ($action) {
        'test' => $kind === 'json' ? request($kind, 'v-list-users') : request($kind, 'v-list-users', 'json'),
        'packages' => print implode(' ', array_keys(json_decode(request($kind, 'v-list-user-packages', 'json'), true))) . "\n",
        'create' => create($kind, ...$values),
        'suspend' => request($kind, 'v-suspend-user', ...$values),
        'unsuspend' => request($kind, 'v-unsuspend-user', ...$values),
        'terminate' => request($kind, 'v-delete-user', ...$values),
        'upgrade' => request($kind, 'v-change-user-package', ...$values),
    };
}

function create(string $kind, string $user, string $password, string $email, string $package, string $domain, string ...$names): void
{
    request($kind, 'v-add-user', $user, $password, $email, $package, ...$names);
    request($kind, 'v-add-domain', $user, $domain);
}

try {
    act(...array_slice($argv, 1));
    echo "success\n";
} catch (Exception $problem) {
    echo "thrown: {$problem->getMessage()}\n";
}
