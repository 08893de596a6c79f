import { canonical } from '#core/canonical.ts';
import { shortHash } from '#core/hash.ts';

/** The version of a playbook: the hash of what its files say, however they are laid out. */
export function playbookVersion(contents: Readonly<Record<string, unknown>>): string {
  return shortHash(canonical(contents));
}
