import { execFile } from 'node:child_process';
import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import {
  BUNDLING,
  EVERY_CONNECTOR,
  type FunctionFiles,
  LEFT_OUT,
} from '#infra/constructs/bundling.ts';
import { prepareStage } from '#infra/prepare-stage.ts';
import { StageConfig } from '#infra/stage-config.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { inTurns } from './measure/rounds.ts';
import { figure } from './measure/samples.ts';
import { temporaryFolder } from './stores/folder.ts';

const run = promisify(execFile);
const EMPTY = 'empty';

/** How large each Lambda's code is and how long it takes to load, beside a handler of nothing. */
export const bundles: Benchmark = {
  name: 'bundles',
  summary: 'the code of each function: size, and time to load it',
  async run(effort) {
    using folder = temporaryFolder();
    const config = StageConfig.parse({ name: 'bench', mailFrom: 'hub@example.com' });
    const { files } = await prepareStage(config);
    const built = await bundleAll(folder.path, files.connectors);
    const environment = makeTaskRoot(folder.path, files);
    const samples = await inTurns(
      effort,
      Object.fromEntries(
        [...built].map(([name, file]) => [name, () => importMs(file, environment)]),
      ),
    );
    const empty = samples[EMPTY] ?? [];
    return [...built.keys()]
      .filter((name) => name !== EMPTY)
      .flatMap((name): Figure[] => {
        const file = built.get(name) ?? '';
        const bound = { what: 'empty handler', samples: empty };
        return [
          figure({ what: name, unit: 'kB', samples: [statSync(file).size / 1000] }),
          figure({ what: '  time to load', unit: 'ms', samples: samples[name] ?? [], bound }),
        ];
      });
  },
};

/** Each handler bundled as for its deployment, by its folder, and an empty one beside them. */
async function bundleAll(folder: string, connectors: string): Promise<Map<string, string>> {
  const names = readdirSync('functions', { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('handler.ts'))
    .map((file) => file.replace('/handler.ts', ''))
    .sort();
  const empty = join(folder, 'empty.ts');
  writeFileSync(empty, 'export const handler = async () => {};');
  const entries = Object.fromEntries(names.map((name) => [name, `functions/${name}/handler.ts`]));
  const { format, target, minify, mainFields, banner } = BUNDLING;
  await build({
    entryPoints: { ...entries, [EMPTY]: empty },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format,
    target,
    minify,
    mainFields: [...mainFields],
    banner: { js: banner },
    alias: { ...LEFT_OUT, [EVERY_CONNECTOR]: connectors },
    logLevel: 'error',
  });
  return new Map([EMPTY, ...names].map((name) => [name, join(folder, `${name}.mjs`)]));
}

/** What a function finds beside its code and in its environment. */
function makeTaskRoot(folder: string, files: FunctionFiles): Record<string, string> {
  cpSync(files.playbook, join(folder, 'playbook.json'));
  cpSync(files.connections, join(folder, 'connections.json'));
  return {
    LAMBDA_TASK_ROOT: resolve(folder),
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    STAGE: 'bench',
    TABLE_NAME: 'baton-bench',
    INBOX_URL: 'https://example.com/inbox.fifo',
    BUS_NAME: 'baton-bench',
    WORKFLOW_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:baton-{workflow}-bench:live',
    MAIL_FROM: 'hub@example.com',
    MAIL_CONFIGURATION_SET: 'settings',
    PUBLIC_URL: 'https://example.com',
    CONNECTION: 'salesforce',
    FEEDBACK_CONNECTION: 'mail',
  };
}

/** In a process of its own, as at a cold start. */
async function importMs(file: string, environment: Record<string, string>): Promise<number> {
  const script = `const startedAt = performance.now();
    await import(${JSON.stringify(file)});
    console.log(performance.now() - startedAt);
    process.exit(0);`;
  const words = ['--input-type=module', '-e', script];
  const { stdout } = await run(process.execPath, words, { env: environment });
  return Number(stdout);
}
