// npm run demo: the whole product in one minute. Installs and builds where that is needed, starts a service of its own
// in a temporary folder, sends it five requests in each dialect, and leaves nothing behind. Ends with 1 where an answer
// is not the expected one. It reads no `.env` and no HEARTHKEY_* variable of the operator.
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

/** What a shell reports for a program that a signal ended: 128 and its number. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** Answers the exit code. The service and its folder are gone by then, however the tour ended. */
async function demo() {
  const { prepare } = await import('./lib/prepare.mjs');
  await prepare({ tools: false });
  const { DemoService } = await import('./lib/demo/demo-service.mjs');
  const { tour } = await import('./lib/demo/tour.mjs');
  const interrupted = new Promise((resolve) => {
    // The handlers stay: a second Ctrl-C must not end this process before the folder is removed.
    for (const [signal, code] of Object.entries(signalCodes)) process.on(signal, () => resolve(code));
  });
  const service = new DemoService();
  let ended;
  try {
    ended = await Promise.race([interrupted, tour(service)]);
  } finally {
    await service.stop();
  }
  if (typeof ended === 'number') return ended;
  const { asked, wrong } = ended;
  console.log(
    `\n${asked} requests, ${wrong} answered otherwise than expected. The demo has removed its files.`,
  );
  return wrong === 0 ? 0 : 1;
}

demo().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
