// Loaded into a node before the service: leaves a part of it out, so that the harness has to find what that part is for.
// What is replaced has to exist: a mutant whose method was renamed ends the node instead of changing nothing.
const dist = new URL('../../dist/', import.meta.url);
const part = process.env.LEAVE_OUT;
const load = (file) => import(new URL(file, dist).href);
const { Membership } = await load('storage/cluster/membership.js');
const { Authorizer } = await load('authorization/authorize.js');
const { Sessions } = await load('sessions/sessions.js');
const { SecretVerifier } = await load('authorization/secrets/secret-verifier.js');
const { Semaphore } = await load('concurrency/semaphore.js');
const { SingleFlight } = await load('concurrency/single-flight.js');
const { RedisConnection } = await load('storage/redis/redis-connection.js');
const { AccessKeys } = await load('keys/access-keys.js');
const { Facts } = await load('authorization/facts/facts.js');

const parts = {
  // A change returns as soon as this node has applied it.
  settling() {
    replace(Membership, 'settleUpTo', () => async (node) => call(node, 'renew'));
  },
  // It never ends.
  lease() {
    replace(Membership, 'checkLease', () => () => Date.now());
  },
  // A request decides from the facts that it saw first, however long it has waited since.
  'last-look'() {
    replace(Authorizer, 'evaluateNow', (evaluateNow) => (authorizer, request) => {
      const parts = member(authorizer, 'parts');
      const facts = member(parts, 'facts');
      for (const name of ['view', 'load', 'isCurrent']) member(facts, name);
      let seen;
      const old = Object.create(facts, {
        view: { value: (id) => (seen ??= facts.view(id)) },
        load: { value: async (id) => (seen ??= await facts.load(id)) },
        isCurrent: { value: () => true },
      });
      return evaluateNow(Object.create(authorizer, { parts: { value: { ...parts, facts: old } } }), request);
    });
  },
  // What was read of a session first counts from then on.
  'session-facts'() {
    const seen = new Map();
    replace(Sessions, 'findBySecret', (findBySecret) => async (sessions, secret, trx) => {
      const session = seen.get(secret) ?? (await findBySecret(sessions, secret, trx));
      if (session !== undefined) seen.set(secret, session);
      return session;
    });
  },
  // What Redis has for a key is believed.
  comparison() {
    const byTag = withoutTag();
    replace(SecretVerifier, 'prove', (prove) => async (verifier, keyId, stored, secret, ...rest) => {
      const shared = member(verifier, 'shared');
      if (shared && (await call(shared, 'get', keyId, stored.version)) !== undefined) return true;
      // Wrong guesses at other keys are no load for argon2.
      return byTag(verifier, keyId, stored, secret) ?? prove(verifier, keyId, stored, secret, ...rest);
    });
  },
  // Redis may take as long as it likes.
  'time-limit'() {
    replace(RedisConnection, 'open', (open) => (connection) => {
      widen(connection, 'limits', { answerMs: 60_000 });
      return open(connection);
    });
  },
  // As many as like may wait for argon2.
  queue() {
    replace(Semaphore, 'run', (run) => (semaphore, ...rest) => {
      widen(semaphore, 'limits', { queueLength: Infinity });
      return run(semaphore, ...rest);
    });
  },
  // Each caller has a run of argon2 of its own.
  sharing() {
    replace(SingleFlight, 'run', () => (_flight, _key, work) => work());
  },
  // A key handles every key of its user, as the user himself does, whatever that one may do.
  'own-permissions'() {
    const asOwner = (authority) =>
      typeof authority === 'object' ? { ...authority, isOwner: true } : authority;
    for (const name of ['add', 'rotate', 'suspend', 'unsuspend', 'delete', 'deleteOf'])
      replace(
        AccessKeys,
        name,
        (original) =>
          (keys, subject, authority, ...rest) =>
            original(keys, subject, asOwner(authority), ...rest),
      );
    replace(
      AccessKeys,
      'change',
      (change) =>
        (keys, id, wanted, authority, ...rest) =>
          change(keys, id, wanted, asOwner(authority), ...rest),
    );
  },
  // A key that a key made stands for itself.
  makers() {
    replace(Facts, 'view', (view) => (facts, id) => {
      const seen = view(facts, id);
      if (seen !== undefined) member(seen, 'makers');
      return seen && { ...seen, makers: [] };
    });
  },
  // Wrong guesses go to argon2.
  tag() {
    withoutTag();
  },
};

/**
 * Only secrets that were seen here, the shared store and argon2 tell a wrong secret.
 *
 * @returns what it was that tells some without waiting
 */
function withoutTag() {
  return replace(SecretVerifier, 'verifyQuickly', (verifyQuickly) => (verifier, keyId, stored, secret) => {
    member(stored, 'tag');
    member(stored, 'hasChecksum');
    return verifyQuickly(verifier, keyId, { ...stored, tag: null, hasChecksum: false }, secret);
  });
}

/**
 * @param make - is given the original, and returns what takes its place; both take the object before the arguments
 * @returns the original
 */
function replace(owner, name, make) {
  const original = owner.prototype[name];
  if (typeof original !== 'function') throw new Error(`leave-out: ${owner.name} has no method ${name}`);
  const callOriginal = (object, ...args) => original.apply(object, args);
  const replacement = make(callOriginal);
  owner.prototype[name] = function (...args) {
    return replacement(this, ...args);
  };
  return callOriginal;
}

function widen(object, name, wider) {
  const limits = member(object, name);
  for (const limit of Object.keys(wider)) member(limits, limit);
  object[name] = { ...limits, ...wider };
}

function call(object, name, ...args) {
  return member(object, name).apply(object, args);
}

/** A request that ends with an error would look like something found: the node ends instead. */
function member(object, name) {
  if (!(name in object)) {
    process.stderr.write(`leave-out: ${object.constructor.name} has no ${name}\n`);
    process.exit(70);
  }
  return object[name];
}

if (!Object.hasOwn(parts, part)) throw new Error(`LEAVE_OUT can't be ${part}`);
parts[part]();
