import type { Stack } from 'aws-cdk-lib';
import type { PreparedStage } from '../prepare-stage.ts';
import type { FoundationStack } from '../stacks/foundation-stack.ts';
import { HubFunction, type HubFunctionProps } from './hub-function.ts';
import { ALIAS, machineArn, permissionsOf, stageMachineName } from './permissions.ts';

type Own = Pick<HubFunctionProps, 'handler' | 'description' | 'timeout'>;

export type FunctionMaker = ReturnType<typeof functionMaker>;

/** Makes the functions of a deployment, each told what its kind has to know. */
export function functionMaker(
  stack: Stack,
  of: {
    readonly stage: PreparedStage;
    readonly foundation: FoundationStack;
    readonly publicUrl: string;
  },
) {
  const { stage, foundation, publicUrl } = of;
  const workflows = Object.keys(stage.definitions);
  const may = permissionsOf(stack, foundation, { name: stage.name, workflows });
  const common = {
    STAGE: stage.name,
    TABLE_NAME: foundation.table.tableName,
    PUBLIC_URL: publicUrl,
  };
  const hub = {
    ...common,
    BUS_NAME: foundation.bus.eventBusName,
    WORKFLOW_ARN: `${machineArn(stack, stageMachineName('{workflow}', stage.name))}:${ALIAS}`,
    MAIL_FROM: foundation.mail.from,
    MAIL_CONFIGURATION_SET: foundation.mail.configurationSetName,
    BATON: stage.baton,
    RUNNING_RUNS: stage.underWay.runs,
    RUNNING_CLOCKS: stage.underWay.clocks,
  };
  const door = { ...common, INBOX_URL: foundation.inbox.queue.queueUrl };
  const { files } = stage;
  return {
    /** All that some function may do, to choose from. */
    may,
    /** A function that works with the whole hub. */
    hub: (id: string, own: Own & Pick<HubFunctionProps, 'may'>): HubFunction =>
      new HubFunction(stack, id, { environment: hub, files, ...own }),
    /** A function that stores requests and knows nothing of what follows. */
    door: (
      id: string,
      { environment, ...own }: Own & Partial<Pick<HubFunctionProps, 'may' | 'environment'>>,
    ): HubFunction =>
      new HubFunction(stack, id, {
        may: [may.putIntoInbox, may.quarantine, may.readCredentials],
        ...own,
        files,
        environment: { ...door, ...environment },
      }),
    /** A function that answers the same to everybody. */
    plain: (id: string, own: Own): HubFunction =>
      new HubFunction(stack, id, { environment: {}, may: [], ...own }),
  };
}
