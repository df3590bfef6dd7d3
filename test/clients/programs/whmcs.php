<?php
// Two server modules for WHMCS. `ok` sends user, password and hash together and waits for `OK`; `zero` sends hash and
// returncode=yes and compares `$answer == 0`, in PHP 7 as its users have it.
// whmcs.php ok|zero ACTION [VALUE…]; URL, USER, PASSWORD and HASH are in the environment.
require __DIR__ . '/post.php';

function request(string $module, string $command, string ...$arguments): string
{
    $fields = $module === 'ok'
        ? ['user' => getenv('USER'), 'password' => getenv('PASSWORD'), 'hash' => getenv('HASH'), 'cmd' => $command]
        : ['hash' => getenv('HASH'), 'returncode' => 'yes', 'cmd' => $command];
    foreach ($arguments as $index => $argument) {
        $fields['arg' . ($index + 1)] = $argument;
    }
    return told($fields, post(http_build_query($fields)))['body'];
}

function isDone(string $module, string $answer): bool
{
    return $module === 'ok' ? $answer === 'OK' : isZeroInPhp7($answer);
}

function act(string $module, string $action, string $user = '', string ...$values): string
{
    switch ($action) {
        case 'create':
            [$password, $email, $package, $firstName, $lastName, $domain] = $values;
            $answer = request($module, 'v-add-user', $user, $password, $email, $package, $firstName, $lastName);
            if (isDone($module, $answer)) $answer = request($module, 'v-change-user-shell', $user, 'bash');
            // The product has no address of its own: the field is sent empty.
            if (isDone($module, $answer)) $answer = request($module, 'v-add-domain', $user, $domain, '');
            return $answer;
        case 'suspend':
            return request($module, 'v-suspend-user', $user);
        case 'unsuspend':
            return request($module, 'v-unsuspend-user', $user);
        case 'terminate':
            return request($module, 'v-delete-user', $user);
        case 'password':
            return request($module, 'v-change-user-password', $user, $values[0]);
        case 'package':
            return request($module, 'v-change-user-package', $user, $values[0]);
        case 'certificate':
            return request($module, 'v-add-letsencrypt-domain', $user, $values[0], '', 'yes');
    }
    throw new Exception("no action {$action}");
}

[, $module, $action] = $argv;
if ($action === 'usage') {
    $fields = ['user' => getenv('USER'), 'password' => getenv('PASSWORD'), 'hash' => getenv('HASH')];
    $fields += ['cmd' => 'v-list-users', 'arg1' => 'json'];
    foreach (json_decode(post(http_build_query($fields))['body'], true) as $user => $values) {
        echo "{$user} {$values['U_DISK']} {$values['DISK_QUOTA']} {$values['U_BANDWIDTH']} {$values['BANDWIDTH']}\n";
    }
    exit;
}
$answer = act(...array_slice($argv, 1));
echo isDone($module, $answer) ? "success\n" : "shown to the operator: {$answer}\n";
