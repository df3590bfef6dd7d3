// Loaded into a node before the service: leaves a part of it out, so that the harness has to find what that part is for.
const dist = new URL('../../dist/', import.meta.url);
const part = process.env.LEAVE_OUT;
const load = (file) => import(new URL(file, dist).href);
const { Membership } = await load('storage/cluster/membership.js');
const { Authorizer } = await load('authorization/authorize.js');
const { SecretVerifier } = await load('authorization/secrets/secret-verifier.js');
const { SlowHash } = await load('secrets/slow-hash.js');
const { RedisConnection } = await load('storage/redis/redis-connection.js');

const parts = {
  // A change returns as soon as this node has applied it.
  settling() {
    Membership.prototype.settleUpTo = async function () {
      await this.renew();
    };
  },
  // It never ends.
  lease() {
    Membership.prototype.checkLease = () => Date.now();
  },
  // A request decides from the facts that it saw first, however long it has waited since.
  'last-look'() {
    const decide = Authorizer.prototype.evaluateNow;
    Authorizer.prototype.evaluateNow = function (request) {
      const facts = this.parts.facts;
      let seen;
      const old = Object.create(facts, {
        view: { value: (id) => (seen ??= facts.view(id)) },
        load: { value: async (id) => (seen ??= await facts.load(id)) },
        isCurrent: { value: () => true },
      });
      return decide.call(Object.create(this, { parts: { value: { ...this.parts, facts: old } } }), request);
    };
  },
  // What Redis has for a key is believed.
  comparison() {
    const prove = SecretVerifier.prototype.prove;
    SecretVerifier.prototype.prove = async function (keyId, stored, ...rest) {
      const found = await this.shared?.get(keyId, stored.version);
      return found === undefined ? prove.call(this, keyId, stored, ...rest) : true;
    };
    const verifyQuickly = SecretVerifier.prototype.verifyQuickly;
    SecretVerifier.prototype.verifyQuickly = function (keyId, stored, secret) {
      const isKnown = this.proofs.get(keyId, stored.version) !== undefined;
      return isKnown ? verifyQuickly.call(this, keyId, stored, secret) : undefined;
    };
  },
  // Redis may take as long as it likes.
  'time-limit'() {
    const open = RedisConnection.prototype.open;
    RedisConnection.prototype.open = function () {
      this.limits = { ...this.limits, answerMs: 60_000 };
      return open.call(this);
    };
  },
  // So many may wait for argon2 as like, and each for a run of its own.
  queue() {
    unlimit(SlowHash, { queueLength: Infinity });
  },
  sharing() {
    const verify = SlowHash.prototype.verify;
    let number = 0;
    SlowHash.prototype.verify = function (hash, secret) {
      return verify.call(this, hash, secret, String(number++));
    };
    SecretVerifier.prototype.verifySlowly = function (keyId, stored, secret) {
      const proof = this.pepper.proof(keyId, stored.version, secret);
      return this.prove(keyId, stored, secret, proof, String(number++));
    };
  },
  // Wrong guesses go to argon2.
  tag() {
    const verifyQuickly = SecretVerifier.prototype.verifyQuickly;
    SecretVerifier.prototype.verifyQuickly = function (keyId, stored, secret) {
      return verifyQuickly.call(this, keyId, { ...stored, tag: null, hasChecksum: false }, secret);
    };
  },
};

function unlimit(pool, limits) {
  const run = pool.prototype.run;
  pool.prototype.run = function (work) {
    this.limits = { ...this.limits, ...limits };
    return run.call(this, work);
  };
}

if (!Object.hasOwn(parts, part)) throw new Error(`LEAVE_OUT can't be ${part}`);
parts[part]();
