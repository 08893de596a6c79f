import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES, type Route } from '#core/api.ts';

/** Far above what vendors send, far below what would use up the account's Lambdas. */
const THROTTLE = { rateLimit: 200, burstLimit: 400 };

/** The path is not logged: the token of a signed link is part of it. */
const LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTimeEpoch',
    route: '$context.routeKey',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    bytes: '$context.responseLength',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The HTTP API with the routes of core/api.ts. */
export class HubApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const log = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Default', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: LOG_FORMAT },
    });
  }

  /** Leads every route to the function of its handler. */
  route(functions: Readonly<Record<Route['handler'], IFunction>>): void {
    const integrations = new Map(
      Object.entries(functions).map(([handler, fn]) => [
        handler,
        new HttpLambdaIntegration(handler, fn),
      ]),
    );
    for (const { method, path, handler } of ROUTES) {
      const integration = integrations.get(handler);
      if (integration === undefined) continue;
      this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    }
  }
}
