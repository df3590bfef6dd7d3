<?php
// phpMyAdmin's single sign-on: from the server's own address, a one-time login for a database, read from the JSON that
// the command prints, and taken back at the end.
// phpmyadmin.php login|logout USER NAME; URL, ACCESS_KEY and SECRET_KEY are in the environment.
require __DIR__ . '/post.php';

[, $action, $user, $name] = $argv;
$fields = ['hash' => getenv('ACCESS_KEY') . ':' . getenv('SECRET_KEY'), 'returncode' => 'no'];
$fields += $action === 'login'
    ? ['cmd' => 'v-add-database-temp-user', 'arg1' => $user, 'arg2' => $name, 'arg3' => 'mysql', 'arg4' => 'localhost']
    : ['cmd' => 'v-delete-database-temp-user', 'arg1' => $user, 'arg2' => $name, 'arg3' => 'mysql', 'arg4' => 'localhost'];
$answer = told($fields, post(http_build_query($fields)));
$login = json_decode($answer['body'], true)['login'] ?? null;
if ($action === 'login') echo $login === null ? "no login\n" : "login as {$login['user']}\n";
