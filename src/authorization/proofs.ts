/** An HMAC-SHA256 (secrets/pepper.ts). */
export const proofBytes = 32;

/**
 * Where proofs are kept, by key ID and secret version. It may lose them at any time, and need not be trusted: what it
 * has is compared with what the secret at hand has to give. Neither method throws.
 */
export interface ProofStore {
  get(keyId: string, secretVersion: string): Promise<Buffer | undefined> | Buffer | undefined;
  /** Only ever called for a secret that was right. */
  add(keyId: string, secretVersion: string, proof: Buffer): Promise<void> | void;
}

/**
 * Proofs that this node has seen match, by key ID and secret version. A proof never becomes false, so nothing ever
 * has to be taken out; the bound only keeps the memory in hand, and what fell out costs one slow hash again.
 */
export class ProofMemory implements ProofStore {
  private readonly proofs = new Map<string, Buffer>();

  constructor(private readonly limit = 200_000) {}

  get(keyId: string, secretVersion: string): Buffer | undefined {
    return this.proofs.get(proofKey(keyId, secretVersion));
  }

  /** Only ever called for a secret that was right: failures can't push a proof out. */
  add(keyId: string, secretVersion: string, proof: Buffer): void {
    if (this.proofs.size >= this.limit && this.get(keyId, secretVersion) === undefined) {
      for (const oldest of this.proofs.keys()) {
        this.proofs.delete(oldest);
        break;
      }
    }
    this.proofs.set(proofKey(keyId, secretVersion), proof);
  }
}

function proofKey(keyId: string, secretVersion: string): string {
  return `${keyId}:${secretVersion}`;
}
