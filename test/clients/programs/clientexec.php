<?php
// A plug-in for Clientexec: the administrator's name and password, empty arguments left out, and anything but status
// 200 throws. `code` sends returncode=yes and wants 0 (a list in JSON: any JSON); `data` leaves returncode out and reads
// the output.
// clientexec.php code|data ACTION USER [VALUE…]; URL, USER and PASSWORD are in the environment.
require __DIR__ . '/post.php';

function request(string $mode, string $command, string ...$arguments): string
{
    $fields = ['user' => getenv('USER'), 'password' => getenv('PASSWORD')];
    if ($mode === 'code') $fields['returncode'] = 'yes';
    $fields['cmd'] = $command;
    foreach ($arguments as $index => $argument) {
        if ($argument !== '') $fields['arg' . ($index + 1)] = $argument;
    }
    $answer = told($fields, post(http_build_query($fields)));
    if ($answer['status'] !== 200) {
        throw new Exception("HTTP error {$answer['status']}");
    }
    $text = trim($answer['body']);
    if (in_array('json', $arguments, true)) {
        if (json_decode($text) === null) throw new Exception('invalid JSON');
    } elseif ($mode === 'code' && $text !== '0') {
        throw new Exception("API error {$text}");
    } elseif ($mode === 'data' && str_starts_with($text, 'Error')) {
        throw new Exception($text);
    }
    return $text;
}

function isThere(string $mode, string ...$words): bool
{
    try {
        request($mode, ...$words);
        return true;
    } catch (Exception) {
        return false;
    }
}

function act(string $mode, string $action, string $user, string ...$values): void
{
    switch ($action) {
        case 'test':
            request($mode, 'v-list-user', $user);
            break;
        case 'create':
            [$password, $email, $package, $domain] = $values;
            if (isThere($mode, 'v-list-user', $user)) throw new Exception('User already exists');
            request($mode, 'v-add-user', $user, $password, $email, $package, $user);
            if (isThere($mode, 'v-list-web-domain', $user, $domain)) throw new Exception('Domain already exists');
            request($mode, 'v-add-web-domain', $user, $domain);
            break;
        case 'suspend':
        case 'unsuspend':
            if (!isThere($mode, 'v-list-web-domain', $user, $values[0])) throw new Exception('Domain does not exist');
            request($mode, "v-{$action}-web-domain", $user, $values[0]);
            break;
        case 'state':
            $listed = json_decode(request($mode, 'v-list-web-domain', $user, $values[0], 'json'), true);
            echo is_array($listed) ? $listed[$values[0]]['SUSPENDED'] : 'unknown', "\n";
            break;
        case 'delete':
            if (isThere($mode, 'v-list-web-domain', $user, $values[0])) {
                request($mode, 'v-delete-web-domain', $user, $values[0]);
            }
            if (isThere($mode, 'v-list-user', $user)) request($mode, 'v-delete-user', $user);
            break;
    }
}

try {
    act(...array_slice($argv, 1));
    echo "success\n";
} catch (Exception $problem) {
    echo "thrown: {$problem->getMessage()}\n";
}
