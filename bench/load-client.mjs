// Requests at a steady rate in a process of their own: node load-client.mjs '{"port","method","path","headers","file","perSecond","seconds"}'.
// An open loop: it doesn't wait for answers before it asks on. Each line of the file is the body of a request, in turn.
// Prints, as JSON, how many were answered with 200 in a second, and within how many ms half, 99 of 100 and all were.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';

/** Of requests at once; when so many wait it asks nothing, and falls behind its rate. */
const mostAtOnce = 128;
/** For the last answers. */
const patienceSeconds = 20;

const { port, method, path, headers, file, perSecond, seconds } = JSON.parse(process.argv[2]);
const requests = readFileSync(file, 'utf8').trimEnd().split('\n').map(requestOf);
const idle = [];
let open = 0;
let sent = 0;
const took = [];

function requestOf(body) {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

class Connection {
  #socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  #beganMs = 0;
  #answer = '';

  constructor() {
    open++;
    this.#socket.on('data', (text) => this.#take(text));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => open--);
  }

  ask() {
    // From when it was written: what holds this process up is not the service's.
    this.#beganMs = performance.now();
    this.#socket.write(requests[sent++ % requests.length]);
  }

  #take(text) {
    this.#answer += text;
    const end = this.#answer.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/^content-length: (\d+)/im.exec(this.#answer)?.[1] ?? 0);
    if (this.#answer.length < end + 4 + length) return;
    if (this.#answer.startsWith('HTTP/1.1 200')) took.push(performance.now() - this.#beganMs);
    this.#answer = '';
    idle.push(this);
  }
}

const beganMs = performance.now();
const timer = setInterval(() => {
  const pastSeconds = (performance.now() - beganMs) / 1000;
  if (pastSeconds < seconds) {
    while (sent < perSecond * pastSeconds && (idle.length > 0 || open < mostAtOnce))
      (idle.pop() ?? new Connection()).ask();
  } else if (idle.length === open || pastSeconds > seconds + patienceSeconds) {
    // Those that took longest count as well.
    clearInterval(timer);
    tell(pastSeconds);
  }
}, 1);

function tell(pastSeconds) {
  took.sort((one, other) => one - other);
  const within = (share) => took[Math.floor((took.length - 1) * share)];
  const [medianMs, p99Ms, slowestMs] = [within(0.5), within(0.99), within(1)];
  const failed = sent - took.length;
  console.log(JSON.stringify({ perSecond: took.length / pastSeconds, medianMs, p99Ms, slowestMs, failed }));
  process.exit();
}
