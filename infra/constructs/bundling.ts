import { resolve } from 'node:path';
import {
  type BundlingOptions,
  type ICommandHooks,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';

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

/** Puts the playbook and the connections beside the code, where the function finds them. */
export function bundlingWith(
  files: { readonly playbook: string; readonly connections: string } | undefined,
): BundlingOptions {
  if (files === undefined) return BUNDLING;
  const commandHooks: ICommandHooks = {
    beforeInstall: () => [],
    beforeBundling: () => [],
    afterBundling: (_inputDir, outputDir) => [
      `cp -R "${resolve(files.playbook)}" "${outputDir}/playbook"`,
      `cp "${resolve(files.connections)}" "${outputDir}/connections.json"`,
    ],
  };
  return { ...BUNDLING, commandHooks };
}
