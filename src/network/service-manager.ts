import { execFile } from 'node:child_process';
import type { ServiceManagerVariables } from '../config/service-manager-variables.js';

/** Of systemd itself, so it is where a systemd is. */
const program = 'systemd-notify';
const answerWithinMs = 10_000;

type Environment = Readonly<Partial<ServiceManagerVariables>>;
type Send = (variables: readonly string[]) => Promise<void>;

/**
 * Tells systemd when the service is ready, that it is alive, and how long its stop may take (`Type=notify`). Node.js has
 * no Unix datagram sockets, so systemd's own program sends each message: two a minute, in place of a native addon that
 * would have to be compiled. Not under systemd it does nothing.
 */
export class ServiceManager {
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly send: Send,
    private readonly watchdogMs: number | undefined,
  ) {}

  /**
   * @param environment - of the process, as systemd sets it
   * @param pid - the watchdog is for this process only if `WATCHDOG_PID` says so
   */
  static of(environment: Environment, pid: number, onError: (error: unknown) => void): ServiceManager {
    const socket = environment['NOTIFY_SOCKET'] ?? '';
    if (socket === '') return new ServiceManager(() => Promise.resolve(), undefined);
    const { WATCHDOG_PID: watched = String(pid), WATCHDOG_USEC: limit = '0' } = environment;
    const watchdogMs = watched === String(pid) ? Number(limit) / 1000 : 0;
    const send: Send = (variables) => notify(variables, environment).catch(onError);
    return new ServiceManager(send, watchdogMs > 0 ? watchdogMs : undefined);
  }

  /** The service answers requests from now on. */
  async ready(status: string): Promise<void> {
    // Three times within its limit: a machine that is busy for a moment is no reason to be killed.
    if (this.watchdogMs !== undefined)
      this.timer = setInterval(() => void this.send(['WATCHDOG=1']), this.watchdogMs / 3).unref();
    await this.send(['READY=1', `STATUS=${status}`]);
  }

  /** @param withinMs - how long what still runs may take */
  async stopping(withinMs: number): Promise<void> {
    const limit = `EXTEND_TIMEOUT_USEC=${String(withinMs * 1000)}`;
    await this.send(['STOPPING=1', 'STATUS=Waiting for running commands', limit]);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

function notify(variables: readonly string[], { NOTIFY_SOCKET, PATH }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { env: { NOTIFY_SOCKET, PATH }, timeout: answerWithinMs };
    execFile(program, variables, options, (error) => {
      if (error === null) resolve();
      else reject(new Error(`${program} failed`, { cause: error }));
    });
  });
}
