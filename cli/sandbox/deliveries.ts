import axios from 'axios';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';

/** How vendors bring their news to a hub that may be down: again and again, until it takes them. */
export interface Deliveries {
  put(path: string, request: OutgoingRequest): void;
  /** Where the hub is from now on. */
  sendTo(hubUrl: string): void;
  count(): { readonly taken: number; readonly refused: number; readonly waiting: number };
  /** Since when the hub has not answered, if it does not. */
  silentSince(): Date | undefined;
}

const MOST_AT_ONCE = 16;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

export function openDeliveries(): Deliveries {
  const http = axios.create({
    validateStatus: () => true,
    timeout: 10_000,
    transformRequest: (data: unknown) => data,
  });
  const queue: { path: string; request: OutgoingRequest; tries: number }[] = [];
  let hubUrl: string | undefined;
  let under = 0;
  let taken = 0;
  let refused = 0;
  let silent: Date | undefined;

  const bring = async (one: (typeof queue)[number]): Promise<void> => {
    try {
      const { status } = await http.post(`${hubUrl}${one.path}`, one.request.body, {
        headers: one.request.headers,
      });
      silent = undefined;
      if (status < 400) taken += 1;
      else if (status < 500) refused += 1;
      else again(one);
    } catch {
      silent ??= new Date();
      again(one);
    } finally {
      under -= 1;
      go();
    }
  };
  const again = (one: (typeof queue)[number]): void => {
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** one.tries);
    setTimeout(() => {
      queue.push({ ...one, tries: one.tries + 1 });
      go();
    }, wait).unref();
  };
  const go = (): void => {
    while (hubUrl !== undefined && under < MOST_AT_ONCE) {
      const next = queue.shift();
      if (next === undefined) return;
      under += 1;
      void bring(next);
    }
  };

  return {
    put(path, request) {
      queue.push({ path, request, tries: 0 });
      go();
    },
    sendTo(url) {
      hubUrl = url;
      go();
    },
    count: () => ({ taken, refused, waiting: queue.length + under }),
    silentSince: () => silent,
  };
}
