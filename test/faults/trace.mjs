// Loaded into a node before the service: writes down what the node does for the protocol of docs/adr/0004, a line for
// each step, so that the model can be asked whether it allows that (test/model/replay.ts). Written at once: a node is
// killed at any moment. Times are of the machine's one clock, which all nodes read.
import { AsyncLocalStorage } from 'node:async_hooks';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../../dist/', import.meta.url);
const load = (file) => import(new URL(file, dist).href);
const { Membership } = await load('storage/cluster/membership.js');
const { NodeStore } = await load('storage/cluster/node-store.js');
const { Lease } = await load('storage/cluster/lease.js');
const { Facts } = await load('authorization/facts/facts.js');
const { Authorizer } = await load('authorization/authorize.js');

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const originMs = nowMs() - performance.now();
const folder = process.env.TRACE_TO;
const file = openSync(join(folder, `${process.env.TRACE_NAME}-${String(process.pid)}.jsonl`), 'a');

function tell(step, facts = {}, atMs = nowMs()) {
  writeSync(file, `${JSON.stringify({ step, atMs, ...facts })}\n`);
}

/** @param make - is given the original, and returns what takes its place; both take the object before the arguments */
function around({ prototype, name: owner }, name, make) {
  const original = prototype[name];
  if (typeof original !== 'function') throw new Error(`trace: ${owner} has no method ${name}`);
  const replacement = make((object, ...args) => original.apply(object, args));
  prototype[name] = function (...args) {
    return replacement(this, ...args);
  };
}

// ---- commands
const commands = new AsyncLocalStorage();
let commandCount = 0;
let ownMark;

around(Membership, 'prepare', (prepare) => (node, trx, change) => {
  const touched = change.touched.map(({ kind, id }) =>
    kind === 'access_key' || kind === 'user' ? `${kind} ${id}` : 'switches',
  );
  tell('prepare', { number: change.number, mark: change.mark, touched });
  return prepare(node, trx, change);
});
around(Membership, 'settle', (settle) => (node, change) => {
  ownMark = change.mark; // for settleUpTo, which it calls at once
  return settle(node, change);
});
around(Membership, 'settleUpTo', (settleUpTo) => (node, number) => {
  const command = commandCount++;
  tell('settle', { command, number, mark: ownMark });
  ownMark = undefined;
  return commands.run(command, async () => {
    try {
      await settleUpTo(node, number);
    } catch (error) {
      tell('died', { command });
      throw error;
    }
    tell('settled', { command });
  });
});
around(Membership, 'lookAround', (lookAround) => async (node, ...args) => {
  const command = commands.getStore();
  tell('look', { command });
  const rows = await lookAround(node, ...args);
  tell('looked', { command, hasSeen: rows !== undefined });
  return rows;
});
around(NodeStore, 'removeIfStill', (removeIfStill) => async (store, row) => {
  const command = commands.getStore();
  tell('remove', { command, id: row.id });
  await removeIfStill(store, row);
  tell('removed', { command, id: row.id });
});

// ---- a node's row and its lease
let membership;
around(NodeStore, 'register', (register) => async (store, id, ...args) => {
  tell('join', { id });
  const position = await register(store, id, ...args);
  tell('joined', { id, ...position });
  return position;
});
around(NodeStore, 'renew', (renew) => async (store, id, applied) => {
  tell('ask', { id });
  const answer = await renew(store, id, applied);
  tell('answer', { id, ...answer?.newest });
  return answer;
});
around(Membership, 'renewOnce', (renewOnce) => async (node) => {
  membership = node;
  try {
    return await renewOnce(node);
  } catch (error) {
    tell('lost', { id: node.id });
    throw error;
  }
});
around(Lease, 'extend', (extend) => (lease, asked, lengthMs) => {
  extend(lease, asked, lengthMs);
  const untilMs = originMs + asked.monotonicMs + lengthMs;
  tell('extended', { id: membership.id, number: membership.applied.number, untilMs });
});
around(Membership, 'beginAnew', (beginAnew) => (node, why) => {
  tell('anew', { id: node.id, why });
  return beginAnew(node, why);
});
let isStopping = false;
around(Membership, 'stop', (stop) => (node) => {
  isStopping = true;
  return stop(node);
});
around(Lease, 'end', (end) => (lease) => {
  end(lease);
  if (isStopping) tell('stop', { id: membership.id });
});
around(NodeStore, 'remove', (remove) => async (store, id) => {
  tell('leave', { id });
  await remove(store, id);
  tell('left', { id });
});

// ---- facts, and what is allowed by them
const readings = new WeakMap();
let readingCount = 0;
around(Facts, 'read', (read) => async (facts, work) => {
  const found = await read(facts, work);
  const { version, result } = found;
  const things = [];
  if (Array.isArray(result?.keys) && result.owners instanceof Map) {
    for (const key of result.keys) things.push([key, `access_key ${key.id}`]);
    for (const [name, owner] of result.owners) things.push([owner, `user ${name}`]);
  } else if (result?.allowList !== undefined) things.push([result, 'switches']);
  if (things.length === 0) return found;
  const reading = readingCount++;
  for (const [thing] of things) readings.set(thing, reading);
  tell('read', { reading, number: version.number, things: things.map(([, name]) => name) });
  return found;
});
let checkedAtMs;
around(Membership, 'checkLease', (checkLease) => (node) => {
  checkedAtMs = nowMs();
  return checkLease(node);
});
around(Authorizer, 'evaluateView', (evaluateView) => (authorizer, request, check, view, counted) => {
  const decision = evaluateView(authorizer, request, check, view, counted);
  if (decision.outcome !== 'allow') return decision;
  const by = {
    [`access_key ${view.key.id}`]: readings.get(view.key),
    [`user ${view.key.user}`]: readings.get(view.owner),
    switches: readings.get(view.switches),
  };
  tell('allow', { by }, checkedAtMs);
  return decision;
});

tell('start');
