import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

/** The sender of the hub's mail. SES sends nothing before the domain's DNS holds the identity's records. */
export class HubMail extends Construct {
  readonly from: string;
  readonly identityArn: string;
  readonly configurationSetName: string;
  readonly configurationSetArn: string;

  constructor(scope: Construct, id: string, props: { readonly from: string }) {
    super(scope, id);
    const settings = new ConfigurationSet(this, 'Settings', {
      reputationMetrics: true,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    // SES tells the account's own bus alone; nobody pays for what no rule picks up.
    settings.addEventDestination('Feedback', {
      destination: EventDestination.eventBus(
        EventBus.fromEventBusName(this, 'AccountBus', 'default'),
      ),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT],
    });
    const identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.domain(props.from.split('@')[1] ?? ''),
      configurationSet: settings,
    });
    this.from = props.from;
    this.identityArn = identity.emailIdentityArn;
    this.configurationSetName = settings.configurationSetName;
    this.configurationSetArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: settings.configurationSetName,
    });
  }
}
