import { StateFailure } from './failure.ts';

/** 256 KiB of UTF-8: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LARGEST_PAYLOAD = 262_144;

/** Fails the state when what `source`, a state or task, hands on is more than the service carries. */
export function assertPayload(source: string, value: unknown): void {
  const failure = payloadFailure(source, value);
  if (failure !== undefined) throw failure;
}

/** The failure a payload amounts to, or undefined when it is small enough. */
export function payloadFailure(source: string, value: unknown): StateFailure | undefined {
  if (payloadBytes(value) <= LARGEST_PAYLOAD) return undefined;
  return new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

export function payloadBytes(value: unknown): number {
  const text = JSON.stringify(value) ?? '';
  // No text of this length can pass the limit, whatever its characters take.
  return text.length * 3 <= LARGEST_PAYLOAD ? text.length : new TextEncoder().encode(text).length;
}
