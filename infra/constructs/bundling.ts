import { resolve } from 'node:path';
import {
  type BundlingOptions,
  type ICommandHooks,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { HolidayTable } from '#core/clocks/holidays.ts';

/** Some libraries are CommonJS inside and call `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** How every function is built. The SDK goes along: what was tested is what runs. */
export const BUNDLING = {
  format: OutputFormat.ESM,
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  mainFields: ['module', 'main'],
  banner: REQUIRE,
  bundleAwsSDK: true,
} as const satisfies BundlingOptions;

/** What a function reads that is no code. */
export interface FunctionFiles {
  /** The playbook's folder. */
  readonly playbook: string;
  /** The connections' file. */
  readonly connections: string;
  readonly holidays: HolidayTable;
}

/** Puts the playbook and the connections beside the code, where the function finds them. */
export function bundlingWith(files: FunctionFiles | undefined): BundlingOptions {
  if (files === undefined) return BUNDLING;
  const commandHooks: ICommandHooks = {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_inputDir, outputDir) => [
      `cp -R "${resolve(files.playbook)}" "${outputDir}/playbook"`,
      `cp "${resolve(files.connections)}" "${outputDir}/connections.json"`,
      // Codes of countries and dates: nothing that a shell could take for its own.
      `printf '%s' '${JSON.stringify(files.holidays)}' > "${outputDir}/holidays.json"`,
    ],
  };
  return { ...BUNDLING, commandHooks };
}
