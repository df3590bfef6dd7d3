// Loaded into a node before the service: leaves a part of the protocol out, so that the harness has to find violations.
const dist = new URL('../../dist/', import.meta.url);
const part = process.env.LEAVE_OUT;
const { Membership } = await import(new URL('storage/membership.js', dist).href);
const { Facts } = await import(new URL('authorization/facts.js', dist).href);

if (part === 'settling') {
  // A change returns as soon as this node has applied it.
  Membership.prototype.settleUpTo = async function () {
    await this.renew();
  };
} else if (part === 'lease') {
  Membership.prototype.checkLease = () => Date.now();
} else if (part === 'last-look') {
  // Facts are taken as they were when they were read, and the lease is not asked again after waiting.
  Facts.prototype.isCurrent = () => true;
} else {
  throw new Error(`LEAVE_OUT can't be ${part}`);
}
