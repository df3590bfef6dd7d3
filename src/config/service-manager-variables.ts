/** What systemd tells a service of `Type=notify` in its environment, and where its programs are. */
export type ServiceManagerVariables = Record<
  'NOTIFY_SOCKET' | 'WATCHDOG_USEC' | 'WATCHDOG_PID' | 'PATH',
  string | undefined
>;

export function serviceManagerVariables(): ServiceManagerVariables {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, PATH } = process.env;
  return { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, PATH };
}
