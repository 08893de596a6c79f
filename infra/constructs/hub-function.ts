import { basename } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundlingWith, type FunctionFiles } from './bundling.ts';

export interface HubFunctionProps {
  /** The folder under functions: `queue/take-in`. */
  readonly handler: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function's role permits beside its own log and traces. */
  readonly may: readonly PolicyStatement[];
  /** Absent: the function reads none of them. */
  readonly files?: FunctionFiles;
}

/** A Lambda function with our defaults, with one handler and a role of its own. */
export class HubFunction extends NodejsFunction {
  /** The file that it is built from. */
  readonly entryFile: string;

  constructor(scope: Construct, id: string, props: HubFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // AWS's managed policy would let the function write to every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${basename(props.handler)} may do.`,
    });
    logGroup.grantWrite(role);

    const entry = `functions/${props.handler}/handler.ts`;
    super(scope, id, {
      entry,
      depsLockFilePath: 'package-lock.json',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // More memory is more CPU: below this the cold start takes longer than it saves.
      memorySize: 1024,
      timeout: props.timeout,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      bundling: bundlingWith(props.files),
    });
    this.entryFile = entry;
    for (const statement of props.may) this.addToRolePolicy(statement);
  }
}
