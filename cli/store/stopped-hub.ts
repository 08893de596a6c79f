import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '#cli/config.ts';
import { type PlaybookOptions, readTexts } from '#cli/playbook.ts';
import { configuredSetting } from '#cli/up/setting.ts';
import { playbookAtStart } from '#cli/versions/at-start.ts';
import { connectors } from '#connectors/index.ts';
import { realClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';

/**
 * Opens the hub of a folder on which no other process works, for as long as it takes to do
 * something with it; `workOff` does what that leads to.
 */
export async function inStoppedHub<T>(
  folder: string,
  options: PlaybookOptions,
  act: (embedded: EmbeddedHub, workOff: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const config = readConfig(options.config);
  const { playbook, running } = await playbookAtStart(options, folder);
  const setting = await configuredSetting(config, folder);
  const { connections, secrets, mail } = setting;
  const embedded = openEmbeddedHub({
    ...{ folder, playbook, running, readTexts, connectors, connections, secrets, mail },
    clock: realClock(),
    publicUrl: config.publicUrl ?? `http://127.0.0.1:${config.port}`,
  });
  try {
    return await act(embedded, () => workOff(embedded));
  } finally {
    await embedded.close();
    await setting.close();
  }
}

/** Works until nothing is due; what waits for later is done by the next hub on this store. */
async function workOff({ worker, jobs, hub }: EmbeddedHub): Promise<void> {
  const working = worker.run();
  while (jobs.count(hub.now().getTime()).due > 0) await Promise.race([sleep(20), working]);
  await worker.stop();
}
