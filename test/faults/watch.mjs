// Loaded into a node before the service: counts the runs of argon2 and who waits for one, and tells the harness when it
// asks.
import argon2 from 'argon2';

const { SlowHash } = await import(new URL('../../dist/secrets/slow-hash.js', import.meta.url).href);

const counts = { runs: 0, running: 0, mostAtOnce: 0, mostForOne: 0, mostWaiting: 0 };
const byHash = new Map();

for (const name of ['verify', 'hash']) {
  const original = argon2[name];
  argon2[name] = async (first, ...rest) => {
    counts.runs++;
    counts.mostAtOnce = Math.max(counts.mostAtOnce, ++counts.running);
    if (name === 'verify') {
      const runs = (byHash.get(first) ?? 0) + 1;
      byHash.set(first, runs);
      counts.mostForOne = Math.max(counts.mostForOne, runs);
    }
    try {
      return await original(first, ...rest);
    } finally {
      counts.running--;
    }
  };
}

const { verify } = SlowHash.prototype;
SlowHash.prototype.verify = function (...args) {
  const answer = verify.apply(this, args);
  counts.mostWaiting = Math.max(counts.mostWaiting, this.waitingCount);
  return answer;
};

process.on('message', () => process.send?.(counts));
process.channel?.unref();
