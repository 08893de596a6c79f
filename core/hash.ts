import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The first 20 hex digits of the SHA-256 of the parts: enough to name a record for ever. */
export function shortHash(...parts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(parts.join('\n')))).slice(0, 20);
}

/** The SHA-256 of a text in hex: for what somebody signs, where no other text may have the same. */
export function fullHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** HMAC-SHA256 in lower-case hex. */
export function sign(key: string, text: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(text)));
}

/** Compares two signatures of equal length without telling where they differ. */
export function sameSignature(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  }
  return difference === 0;
}
