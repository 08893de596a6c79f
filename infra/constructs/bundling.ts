import { resolve } from 'node:path';
import {
  type BundlingOptions,
  type ICommandHooks,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';

/** Some libraries are CommonJS inside and call `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** What of a library no function ever runs: axios can send forms with files, and we send JSON. */
export const LEFT_OUT = { 'form-data': resolve('infra/constructs/no-form-data.mjs') };

/**
 * How every function is built. The SDK goes along: what was tested is what runs, and from one file
 * it loads in a quarter of the time.
 */
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

/** What a function reads that is no code, and which vendors it can speak to. */
export interface FunctionFiles {
  /** The playbook as it was read and checked, as one file of JSON. */
  readonly playbook: string;
  /** The connections' file. */
  readonly connections: string;
  /** The list of connectors, with those alone that a connection needs. */
  readonly connectors: string;
}

/** Puts the playbook and the connections beside the code, where the function finds them. */
export function bundlingWith(files: FunctionFiles | undefined): BundlingOptions {
  const aliases: Record<string, string> =
    files === undefined ? LEFT_OUT : { ...LEFT_OUT, [EVERY_CONNECTOR]: files.connectors };
  const esbuildArgs = Object.fromEntries(
    Object.entries(aliases).map(([module, file]) => [`--alias:${module}`, file]),
  );
  if (files === undefined) return { ...BUNDLING, esbuildArgs };
  const commandHooks: ICommandHooks = {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_inputDir, outputDir) => [
      `cp "${resolve(files.playbook)}" "${outputDir}/playbook.json"`,
      `cp "${resolve(files.connections)}" "${outputDir}/connections.json"`,
    ],
  };
  return { ...BUNDLING, esbuildArgs, commandHooks };
}

/** The module that knows every vendor, for which a deployment has a shorter one. */
export const EVERY_CONNECTOR = '#connectors/index.ts';
