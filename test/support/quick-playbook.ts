import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHIPPED = 'workflows/definitions';

/** A copy of the shipped playbook whose clocks run in seconds of plain time, so that a test sees their end. */
export function quickPlaybook(clocks: { accept: string; others: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-playbook-'));
  cpSync(SHIPPED, folder, { recursive: true });
  const ladder = [
    { at: '100%', do: 'breach' },
    { at: '110%', do: 'end' },
  ];
  const file = join(folder, 'clocks.json');
  const policies = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const quick = Object.keys(policies).map((id) => [
    id,
    { by: { default: id === 'accept' ? clocks.accept : clocks.others }, ladder },
  ]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(quick)));
  return folder;
}
