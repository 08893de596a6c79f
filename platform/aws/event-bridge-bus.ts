import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { HubError } from '#core/errors.ts';
import type { Bus, Published } from '#core/ports/bus.ts';
import { batchesOf, PAUSES_MS } from './batches.ts';
import { awsFailure } from './failures.ts';

/** The `source` of everything the hub publishes; rules match on it. */
export const NEWS_SOURCE = 'baton';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html, with room for the frame. */
const BATCH = { most: 10, mostBytes: 250_000 };

/** Publishes on an EventBridge bus: the event's type is the detail type, the news is the detail. */
export function eventBridgeBus(bridge: EventBridgeClient, busName: string): Bus {
  return {
    async publish(news) {
      const entries = news.map((one) => entryOf(one, busName));
      for (const batch of batchesOf(entries, bytesOf, BATCH)) await send(bridge, batch);
    },
  };
}

type Entry = PutEventsRequestEntry & { readonly Detail: string };

function entryOf(news: Published, busName: string): Entry {
  const entry = {
    EventBusName: busName,
    Source: NEWS_SOURCE,
    DetailType: news.event.type,
    Detail: JSON.stringify(news),
    Time: new Date(news.event.at),
  };
  if (bytesOf(entry) <= BATCH.mostBytes) return entry;
  throw new HubError(
    'data',
    'event_too_large',
    `Event ${news.event.id} is larger than the bus takes (${BATCH.mostBytes} bytes).`,
  );
}

function bytesOf(entry: Entry): number {
  return Buffer.byteLength(entry.Detail);
}

async function send(bridge: EventBridgeClient, batch: readonly Entry[]): Promise<void> {
  let left = [...batch];
  for (const pauseMs of [...PAUSES_MS, undefined]) {
    const command = new PutEventsCommand({ Entries: left });
    const answer = await bridge.send(command).catch((error: unknown) => {
      throw awsFailure(error, 'Publishing news');
    });
    // EventBridge answers one entry for each that was sent, in the same order.
    left = left.filter((_entry, at) => answer.Entries?.[at]?.ErrorCode !== undefined);
    if (left.length === 0) return;
    if (pauseMs !== undefined) await sleep(pauseMs);
  }
  throw new HubError('retry', 'aws_busy', `The bus did not take ${left.length} events now.`);
}
