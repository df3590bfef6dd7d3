import { verify } from 'node:crypto';
import { keyId, publicKeyObject, signatureKinds, type AuditKey, type VerifierKey } from '../key/audit-key.js';
import type { SizedRoot } from './proofs.js';
import { decodeBase64 } from '../../text/base64.js';

/** A head of a tree (C2SP tlog-checkpoint); `root` has 32 characters, one for each byte. */
export interface Checkpoint extends SizedRoot {
  origin: string;
}

/** Names a tree: the ID of the chain, and the line with which it begins unless that is the first. */
export function originOf(chain: string, treeBegin: number): string {
  return `hearthkey/${chain}${treeBegin === 1 ? '' : `/${String(treeBegin)}`}`;
}

/** The signed part of a checkpoint: three lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${String(size)}\n${Buffer.from(root, 'latin1').toString('base64')}\n`;
}

/** A signed note (C2SP signed-note): the text, an empty line, the signature lines. */
export function signCheckpoint(key: AuditKey, checkpoint: Checkpoint): string {
  return signNote(key, checkpointText(checkpoint));
}

/** @param text - ends with a line end; its first line says what kind of note it is */
export function signNote(key: AuditKey, text: string): string {
  const blob = Buffer.concat([keyId(key.verifierKey, signatureKinds.note), key.sign(Buffer.from(text))]);
  return `${text}\n${signatureLine(key.name, blob)}`;
}

/** A witness's signature line for a checkpoint (C2SP tlog-cosignature, version 1). */
export function cosign(key: AuditKey, note: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const signature = key.sign(cosignedMessage(textOf(note) ?? '', seconds));
  return signatureLine(
    key.name,
    Buffer.concat([keyId(key.verifierKey, signatureKinds.cosignature), time, signature]),
  );
}

/** The checkpoint of a note that this key has signed; undefined: it has not, or it is no checkpoint. */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint | undefined {
  const text = openNote(note, key);
  return text === undefined ? undefined : parseCheckpoint(text);
}

/** The text of a note that this key has signed; undefined: it has not. */
export function openNote(note: string, key: VerifierKey): string | undefined {
  const text = textOf(note);
  if (text === undefined) return undefined;
  const id = keyId(key, signatureKinds.note);
  const isSigned = signatures(note, key.name, id).some((signature) =>
    verify(null, Buffer.from(text), publicKeyObject(key.publicKey), signature),
  );
  return isSigned ? text : undefined;
}

/** When a witness has signed that checkpoint, in seconds since 1970; undefined: it has not. */
export function cosignedAt(note: string, line: string, witness: VerifierKey): number | undefined {
  const text = textOf(note) ?? '';
  const id = keyId(witness, signatureKinds.cosignature);
  for (const blob of signatures(`\n\n${line}`, witness.name, id)) {
    if (blob.length !== 72) continue;
    const seconds = Number(blob.readBigUInt64BE(0));
    const message = cosignedMessage(text, seconds);
    if (verify(null, message, publicKeyObject(witness.publicKey), blob.subarray(8))) return seconds;
  }
  return undefined;
}

/** What a note says of a tree. Its signatures are verified apart. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(note);
  if (match === null) return undefined;
  const [, origin = '', size, root = ''] = match;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64').toString('latin1') };
}

/** Up to which line one of these heads goes that were signed with this key, of this chain. */
export function newestSigned(notes: readonly string[], key: VerifierKey, chain: string): number {
  const ends = notes.map((note) => {
    const signed = openCheckpoint(note, key);
    const [, of, begin = '1'] = signed?.origin.split('/') ?? [];
    return signed === undefined || of !== chain ? 0 : Number(begin) + signed.size - 1;
  });
  return Math.max(0, ...ends);
}

function cosignedMessage(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${String(seconds)}\n${text}`);
}

function signatureLine(name: string, blob: Buffer): string {
  return `\u2014 ${name} ${blob.toString('base64')}\n`;
}

function textOf(note: string): string | undefined {
  const end = note.lastIndexOf('\n\n');
  return end === -1 ? undefined : note.slice(0, end + 1);
}

/** What follows the key ID in the signature lines of that name. */
function signatures(note: string, name: string, id: Buffer): Buffer[] {
  const lines = note.slice(note.lastIndexOf('\n\n') + 2).split('\n');
  return lines.flatMap((line) => {
    const [dash, signer, base64 = ''] = line.split(' ');
    if (dash !== '\u2014' || signer !== name) return [];
    const blob = decodeBase64(base64);
    return blob?.subarray(0, 4).equals(id) === true ? [blob.subarray(4)] : [];
  });
}
