import { beforeAll } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { ROUTES } from '#core/api.ts';
import { NEWS_SOURCE } from '#platform/aws/event-bridge-bus.ts';
import { type Deployment, deploy, resourcesOf } from '#test/support/deployment.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy();
});

const functions = () => resourcesOf(deployment.hub, 'AWS::Lambda::Function');

test('every function runs as it should', () => {
  expect(functions()).toHaveLength(10);
  for (const [, { Properties }] of functions()) {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    });
  }
});

test('every log is kept for 90 days and no longer', () => {
  const logs = resourcesOf(deployment.hub, 'AWS::Logs::LogGroup');
  // One per function, one of the API, one per workflow.
  expect(logs).toHaveLength(
    functions().length + 1 + Object.keys(deployment.prepared.definitions).length,
  );
  for (const [, { Properties }] of logs) expect(Properties['RetentionInDays']).toBe(90);
});

test('the API has the routes of the contract and no others', () => {
  const keys = resourcesOf(deployment.hub, 'AWS::ApiGatewayV2::Route').map(
    ([, { Properties }]) => Properties['RouteKey'],
  );
  expect(keys.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test('the API is throttled and logs no path, which may hold a signed link', () => {
  const [[, stage] = []] = resourcesOf(deployment.hub, 'AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties).toMatchObject({
    DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
  });
  const { Format } = stage?.Properties['AccessLogSettings'] as { Format: string };
  expect(Format).toContain('$context.routeKey');
  expect(Format).not.toMatch(/context\.path|sourceIp/);
});

test('intake reports the messages that failed and leaves Lambdas to the tasks', () => {
  deployment.hub.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 50 },
  });
});

describe('what happens when nobody waits for the answer', () => {
  const ASYNCHRONOUS = ['DispatchNews', 'EndRun', 'ReceiveChange'];

  test('a function that gave up leaves the event in its own dead-letter queue', () => {
    const configs = resourcesOf(deployment.hub, 'AWS::Lambda::EventInvokeConfig');
    expect(configs).toHaveLength(ASYNCHRONOUS.length);
    for (const [, { Properties }] of configs) {
      expect(Properties).toMatchObject({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 21_600,
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
    }
  });

  test('an event that a rule could not deliver goes there, too', () => {
    const rules = resourcesOf(deployment.hub, 'AWS::Events::Rule');
    expect(rules).toHaveLength(ASYNCHRONOUS.length);
    for (const [, { Properties }] of rules) {
      expect(Properties['Targets']).toEqual([
        expect.objectContaining({
          DeadLetterConfig: { Arn: expect.anything() },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ]);
    }
  });
});

test('rules listen to what is published, to the ends of the runs and to Salesforce', () => {
  deployment.hub.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: [NEWS_SOURCE], detail: { personId: [{ exists: true }] } },
  });
  deployment.hub.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        stateMachineArn: Match.anyValue(),
      },
    },
  });
  deployment.hub.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['aws.partner/salesforce.com/00D1/0YL1'] },
  });
});
