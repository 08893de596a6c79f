import { resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { type Answer, answering } from '#cli/answer.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { findLead } from '#core/administer/find-lead.ts';
import { HubError } from '#core/errors.ts';
import { readAll } from '#core/records/store.ts';
import { RunLock } from '#core/runs/start-run.ts';
import { openReader } from '#platform/embedded/reader.ts';

/** `baton rerun`: a lead whose run failed goes through its workflow once more. */
export function rerunCommand(): Command {
  return new Command('rerun')
    .summary('run a workflow again for a lead, after what failed was mended')
    .description(
      "Runs the workflow again for a lead whose run has ended, from the event that started it: for leads in the queue 'attention', once what failed was mended. The hub must be running.",
    )
    .argument('<lead>', "an e-mail address, a person's id or a hand-off's id")
    .option('--workflow <id>', 'which workflow, if the lead went through several')
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton rerun ada@example.com\n')
    .action(answering(rerunLead));
}

const Rerun = z.object({ run: z.string() });

async function rerunLead(
  text: string,
  options: StoreOptions & { workflow?: string },
): Promise<Answer> {
  const folder = resolve(options.data);
  const { person, workflow } = await runOf(folder, text, options.workflow);
  const path = `/admin/leads/${encodeURIComponent(person)}/rerun/${encodeURIComponent(workflow)}`;
  const { run } = Rerun.parse(await askHub(folder, path));
  return {
    json: { person, workflow, run },
    text: () => `Run ${run} has started: 'baton show ${text}' tells how it goes.`,
  };
}

async function runOf(
  folder: string,
  text: string,
  wanted: string | undefined,
): Promise<{ person: string; workflow: string }> {
  const store = openReader(folder);
  try {
    const { id } = await findLead(store.records, text);
    const locks = await readAll(store.records, RunLock, {
      pk: `PERSON#${id}`,
      prefix: 'WORKFLOW#',
    });
    const names = locks.map(({ workflow }) => workflow);
    const workflow = wanted ?? (names.length === 1 ? names[0] : undefined);
    if (workflow !== undefined) return { person: id, workflow };
    throw new HubError(
      'data',
      'workflow_unnamed',
      names.length === 0
        ? 'No workflow ever ran for this lead.'
        : `Say which with --workflow: ${names.join(', ')}.`,
    );
  } finally {
    store.close();
  }
}
