/** Something that an operator should look at: on one line, and with nothing secret in it. */
export interface Finding {
  check:
    | 'weak_access_key'
    | 'weak_legacy_key'
    | 'owner_unknown'
    | 'api_unknown'
    | 'key_end'
    | 'tree_key'
    | 'role_file'
    | 'role_command'
    | 'role_difference'
    | 'nobody_allowed'
    | 'everybody_allowed'
    | 'tls_certificate'
    | 'unknown_setting'
    | 'no_tls'
    | 'command_writable'
    | 'user_commands'
    | 'trusted_loopback'
    | 'untrusted_proxy'
    | 'root_user'
    | 'own_address'
    | 'idle_setting'
    | 'audit_export'
    | 'audit_record'
    | 'audit_keep'
    | 'audit_key'
    | 'audit_witness'
    | 'disk';
  subject: string;
  problem: string;
  /**
   * What to do about it. Commands in it can be pasted: each begins with `v-` and goes up to a comma, a parenthesis or
   * the end, with nothing left to be filled in.
   */
  advice: string;
}
