import type { ReasonTexts } from './reason-text.js';

export const englishReasons: ReasonTexts = {
  address_malformed: [
    'Address unreadable',
    'The address that the request named is no IP address.',
    'Correct the address in the program or the gateway that sent it.',
  ],
  address_not_allowed: [
    'Address not allowed',
    'Nobody may call from this address. It is not in API_ALLOWED_IP; for people who log in, it is not in HEARTHKEY_SESSIONS_FROM.',
    'If you know whose address it is, allow it. Otherwise leave it: this is what the list is for.',
  ],
  address_not_allowed_for_key: [
    'Address not allowed for the key',
    'The key, or the key that made it, may only be used from certain addresses, and this is none of them.',
    'Add the address to the key if its owner has moved. Otherwise find out who else has the secret, and rotate it.',
  ],
  api_disabled: [
    'API off',
    'The API is switched off for everybody.',
    'Switch the API on where programs are meant to use it.',
  ],
  api_disabled_for_user: [
    'API off for users',
    'The API is on for keys of the root user only, and this is the key of another user.',
    'Switch the API on for all users, if their programs are meant to use it.',
  ],
  argument_not_allowed: [
    'Arguments not allowed',
    'The key, the key that made it or its API role is held to certain arguments, such as one domain, and the command names others or none.',
    'If the program is meant to do this, allow the argument for the key (--only) or the role (ONLY). Otherwise find out who has the secret.',
  ],
  audit_unavailable: [
    'Record not writable',
    'The decision could not be written to the record, so nothing was allowed.',
    'Look at the log of the service and at the disk. Decisions go on as soon as the record can be written.',
  ],
  command_missing: [
    'No command',
    'The request named no command.',
    'Correct the program that sent it: it has to name a command.',
  ],
  command_malformed: [
    'No name of a command',
    'What stands in place of the command can not be one.',
    'Correct the program that sent it. If it was no program of yours, somebody is trying things out.',
  ],
  command_unknown: [
    'Unknown command',
    'There is no command of this name here.',
    'Correct the name, or install the command. The list of commands has all that are known.',
  ],
  credentials_malformed: [
    'Unreadable credentials',
    'What was sent in place of an access key has not the form of one.',
    'Compare the settings of the program with the key: the ID has 20 characters, the secret 40.',
  ],
  cross_site_request: [
    'Not from a page of the console',
    'A browser sent a change that did not come from a page of this service.',
    'Reload the page and try again. If it happens on its own, another site tries to act in the name of the user.',
  ],
  key_expired: [
    'Key ended',
    'The end of the key, or of the key that made it, has passed.',
    'Give the key a later end if it is still needed, or make a new one.',
  ],
  key_suspended: [
    'Key suspended',
    'The key, or the key that made it, is suspended.',
    'Find out why it was suspended. Then let it count again, or delete it.',
  ],
  key_unknown: [
    'Unknown key',
    'There is no access key with this ID. It may have been deleted.',
    'Put a key that exists into the program. Many of these from one address: somebody is guessing.',
  ],
  overloaded: [
    'Too busy',
    'The service had more to do than it could do in time.',
    'The program should try again a little later. If it happens often, look at the load of the machine.',
  ],
  panel_unavailable: [
    'Panel not reachable',
    'The panel behind the service could not be asked.',
    'See that the panel runs and can be reached from here.',
  ],
  passkey_cloned: [
    'Passkey copied',
    'The counter of the passkey is behind what was seen before: there are two of it.',
    'The user should log in another way, delete this passkey and enrol a new one.',
  ],
  permission_missing: [
    'Permission missing',
    'No role of the key lists this command; or it is nothing that this user may do.',
    'Give the key a role that lists the command, if its program is meant to run it.',
  ],
  quota_exceeded: [
    'Quota used up',
    'The key, or one that made it, has used up its quota of this day, week or month (UTC).',
    'The program should wait as long as the answer says. Raise the quota of the key if it needs more.',
  ],
  rate_limited: [
    'Too many requests',
    'The key has used up its rate limit for now.',
    'The program should wait as long as the answer says. Raise the limit of the key if it needs more.',
  ],
  read_only: [
    'Read-only mode',
    'The service is in read-only mode (DEMO_MODE): what changes something is refused.',
    'End read-only mode in the settings once changes are wanted again.',
  ],
  root_user_protected: [
    'Root user protected',
    'The command would end the root user, or change how he gets in.',
    'Only a key of the root user without permissions and limits may do this, and some of it nobody may.',
  ],
  request_malformed: [
    'Unreadable request',
    'The request could not be read.',
    'Correct the program that sent it: its body is not what its content type says.',
  ],
  request_too_large: [
    'Request too large',
    'The request was longer than this path takes.',
    'Send less at once. Nothing was run.',
  ],
  secret_mismatch: [
    'Wrong secret',
    'The access key exists, but the secret was wrong; or a password or a login link was.',
    'Compare the secret in the program, or rotate the key. Many of these: somebody is guessing.',
  ],
  secret_replaced: [
    'Old secret',
    'The secret was right once and has been replaced since.',
    'Put the new secret into the program. If all of them have it, somebody else has the old one.',
  ],
  session_ended: [
    'Session ended',
    'The session was idle for too long, too old, or ended by somebody.',
    'Log in again.',
  ],
  sessions_disabled: [
    'Logging in is off',
    'Nobody may log in to this service (HEARTHKEY_SESSIONS).',
    'Switch sessions on in the configuration, if people are meant to log in.',
  ],
  store_unavailable: [
    'Database not reachable',
    'The service could not make sure that what it knows is current, so it allowed nothing.',
    'See that the database runs and can be reached from every node.',
  ],
  too_many_attempts: [
    'Key closed after failed attempts',
    'The secret of this key can be guessed, and too many attempts failed.',
    'Rotate the key: a secret made here can not be guessed. Or allow the address of its program by itself.',
  ],
  too_many_failures: [
    'Too many failed attempts',
    'Too many attempts from this address failed.',
    'Wait a while. If the attempts are not yours, nothing has to be done.',
  ],
  login_disabled: [
    'User may not log in',
    'Logging in is switched off for this user (LOGIN_DISABLED).',
    'Allow the user to log in, if he is meant to.',
  ],
  not_root_user: [
    'Not the root user',
    'Only the root user may use this way in, and another user tried.',
    'Use an access key of the user instead.',
  ],
  user_argument_mismatch: [
    'About another user',
    'The command names another user than the one that the key belongs to.',
    'Use a key of that user, or a key of the root user.',
  ],
  user_argument_undefined: [
    'Command without a user',
    'The command has no place for a user, so nothing would hold this key to its own user.',
    'Use a key of the root user. Only if the command harms nobody: put it into SAFE of the role.',
  ],
  user_suspended: [
    'User suspended',
    'The user is suspended, and so is all that acts in his name.',
    'Find out why he was suspended. Then let him back in, or delete his keys.',
  ],
  user_unknown: [
    'Unknown user',
    'The user of the key does not exist any more.',
    'Delete the key, or make the user again.',
  ],
};
