import { contentHash } from '#connectors/kit/signatures.ts';

/**
 * The text that marks a record as made under an idempotency key, since HubSpot takes none. A
 * digest, because salespeople see it: 64 bits never meet by chance within one contact.
 */
export function markerOf(key: string): string {
  return `[baton:${contentHash(key).slice(0, 16)}]`;
}

/** The marker in a text, without its brackets; `undefined` if there is none. */
export function markerIn(text: string | null | undefined): string | undefined {
  return /\[(baton:[0-9a-f]{16})\]/.exec(text ?? '')?.[1];
}
