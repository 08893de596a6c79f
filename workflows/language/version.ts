import { shortHash } from '#core/hash.ts';

/** The version of a playbook: the hash of what its files say, however they are laid out. */
export function playbookVersion(contents: Readonly<Record<string, unknown>>): string {
  return shortHash(canonical(contents));
}

/** JSON without spaces and with its keys in order: equal contents are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
