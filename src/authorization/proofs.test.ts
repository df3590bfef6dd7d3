import { describe, expect, it } from '@jest/globals';
import { ProofMemory } from './proofs.js';

const proof = (text: string): Buffer => Buffer.from(text);

describe('the proofs in memory', () => {
  it('are found by key and version, and by nothing else', () => {
    const proofs = new ProofMemory();
    proofs.add('key', 'v1', proof('one'));
    expect(proofs.get('key', 'v1')).toEqual(proof('one'));
    expect(proofs.get('key', 'v2')).toBeUndefined();
    expect(proofs.get('other', 'v1')).toBeUndefined();
  });

  it('are held to their limit: the oldest goes first', () => {
    const proofs = new ProofMemory(2);
    for (const id of ['a', 'b', 'c']) proofs.add(id, 'v', proof(id));
    expect(['a', 'b', 'c'].map((id) => proofs.get(id, 'v')?.toString())).toEqual([undefined, 'b', 'c']);
  });

  it('push none out when one of them is seen again', () => {
    const proofs = new ProofMemory(2);
    for (const id of ['a', 'b', 'b', 'b']) proofs.add(id, 'v', proof(id));
    expect(proofs.get('a', 'v')).toEqual(proof('a'));
  });
});
