<?php
// FOSSBilling's server manager for Hestia: the fields that it sends for each action, and how it judges the answer:
// a status from 300 on throws, `Error` anywhere in the body throws, else the number counts.
// fossbilling.php ACTION [VALUE…]; URL, ACCESS_KEY and SECRET_KEY are in the environment.
require __DIR__ . '/post.php';

function request(array $fields): int
{
    $fields += ['returncode' => 'yes', 'hash' => getenv('ACCESS_KEY') . ':' . getenv('SECRET_KEY')];
    $answer = told($fields, post(http_build_query($fields), ['Accept: */*']));
    if ($answer['status'] >= 300) {
        throw new Exception("HTTP status {$answer['status']}");
    }
    if (str_contains($answer['body'], 'Error')) {
        throw new Exception('failed to connect');
    }
    return intval($answer['body']);
}

function orThrow(int $code, int ...$alsoFine): void
{
    if ($code !== 0 && !in_array($code, $alsoFine, true)) {
        throw new Exception("failed with {$code}");
    }
}

function act(string $action, string $user = '', string ...$values): void
{
    switch ($action) {
        case 'test':
            // The form has no password for access keys; the manager sends that empty field all the same.
            orThrow(request(['cmd' => 'v-list-users', 'arg1' => getenv('ACCESS_KEY'), 'arg2' => '']));
            break;
        case 'create':
            [$password, $email, $package, $name, $domain] = $values;
            orThrow(request([
                'cmd' => 'v-add-user',
                'arg1' => $user,
                'arg2' => $password,
                'arg3' => $email,
                'arg4' => $package,
                'arg5' => trim($name),
            ]));
            if (request(['cmd' => 'v-add-domain', 'arg1' => $user, 'arg2' => $domain]) !== 0) {
                orThrow(request(['cmd' => 'v-delete-user', 'arg1' => $user]));
                throw new Exception('failed to create domain');
            }
            break;
        case 'suspend':
            orThrow(request(['cmd' => 'v-suspend-user', 'arg1' => $user, 'arg2' => 'no']), 6);
            break;
        case 'unsuspend':
            orThrow(request(['cmd' => 'v-unsuspend-user', 'arg1' => $user, 'arg2' => 'no']));
            break;
        case 'cancel':
            orThrow(request(['cmd' => 'v-delete-user', 'arg1' => $user, 'arg2' => 'no']), 3);
            break;
        case 'package':
            orThrow(request(['cmd' => 'v-change-user-package', 'arg1' => $user, 'arg2' => $values[0], 'arg3' => 'no']));
            break;
        case 'password':
            orThrow(request(['cmd' => 'v-change-user-password', 'arg1' => $user, 'arg2' => $values[0]]));
            break;
    }
}

try {
    act(...array_slice($argv, 1));
    echo "success\n";
} catch (Exception $problem) {
    echo "thrown: {$problem->getMessage()}\n";
}
