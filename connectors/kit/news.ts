import type { FakeOptions, OutgoingRequest } from './fake.ts';

/** How a make-believe vendor brings its news, with whatever the script has go wrong on the way. */
export interface News {
  tell(request: OutgoingRequest): void;
  /** Brings what is held back, as a vendor does in the end. */
  catchUp(): void;
}

/** A vendor's queue that hangs is mended within a working day. */
const LATE_MS = 6 * 3_600_000;

/**
 * Brings news to whoever subscribed: twice for `duplicate`, never for `miss`, after the next one
 * for `disorder`, and hours later for `late`.
 */
export function openNews({ now, notify, faults }: FakeOptions): News {
  const late: { readonly dueAt: number; readonly request: OutgoingRequest }[] = [];
  let overtaken: OutgoingRequest | undefined;
  const send = (request: OutgoingRequest) => notify?.(request);
  const release = (until: number) => {
    for (const { request } of late.splice(0, dueBy(late, until))) send(request);
  };
  const sendOvertaken = () => {
    const request = overtaken;
    overtaken = undefined;
    if (request !== undefined) send(request);
  };

  return {
    tell(request) {
      const at = now().getTime();
      release(at);
      if (faults?.strikes('miss')) return;
      if (faults?.strikes('late')) {
        late.push({ dueAt: at + LATE_MS, request });
        return;
      }
      if (overtaken === undefined && faults?.strikes('disorder')) {
        overtaken = request;
        return;
      }
      send(request);
      if (faults?.strikes('duplicate')) send(request);
      sendOvertaken();
    },
    catchUp() {
      sendOvertaken();
      release(Number.POSITIVE_INFINITY);
    },
  };
}

/** How many of them are due; they were held back in the order of time. */
const dueBy = (held: readonly { readonly dueAt: number }[], until: number) =>
  held.filter(({ dueAt }) => dueAt <= until).length;
