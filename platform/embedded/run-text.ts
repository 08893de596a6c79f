import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Runs look alike: what most of them say is given to the packer beforehand, and takes no room in
 * each. Never changed, or what was packed with it is lost; a better one becomes the second.
 */
const FIRST_WORDS = [
  '{"status":"RUNNING","input":{"person":"per_","event":"evt_","workflow":"inbound-lead"},',
  '"lastEventId":4,"lastId":1,"frames":{"run":{"id":"run","program":[],"index":0,',
  '"previousEventId":4,"variables":{"failure":{"step":"","error":"HubError.retry","cause":""},',
  '"reason":"no_action","reassign":{"exhausted":false},"enrichment":{"status":"skipped"},',
  '"enrichment":{"status":"hit"},"account":{"accountId":null,"how":"no company domain is known"},',
  '"account":{"accountId":"acc_","how":"domain "},"score":{"rating":"warm","rating":"qualified",',
  '"rating":"hot","grade":"A1","lane":"informed-cold-call","lane":"hand-raiser","fit":8,',
  '"engagement":5,"disqualifiedBy":null},"route":{"owner":"","queue":null,"rule":"default",',
  '"policy":"inbound"},"briefing":{"briefingId":"inbound-lead-"},"handoff":{"id":"ho_per__1",',
  '"round":0,"owner":"","lane":"hot"},"accept":{"event":"evt_","at":"2026-00-00T00:00:00.000Z",',
  '"by":"","via":"slack"},"work":{"event":"evt_","via":"crm"},"clock":{"clockId":"qualify#0",',
  '"clockId":"first-touch#0","clockId":"accept#0","secondsToNextRung":,"outcome":"wait"}},',
  '"visit":{"state":"close: wait","state":"work: wait","state":"accept: wait","input":{},',
  '"enteredAt":17,"enteredEventId":3,"beforeEventId":3,"retryCount":0,"attempts":[],',
  '"token":"inbound-lead-","task":{"id":"task-1","submitted":true,"lastBeatAt":17}}}},',
  '"open":{"timer-1":{"purpose":"run-timeout","frame":"run"},"task-1":{"purpose":"task",',
  '"frame":"run"},"timer-1":{"purpose":"task-timeout","frame":"run"}}}',
].join('');

/** The same, and how a run reads since it knows of the agreement and of quotas. */
const SECOND_WORDS = [
  FIRST_WORDS,
  '"enrichment":{"status":"miss"},"account":{"accountId":"acc_","how":"domain "},"score":{',
  '"rating":"hot","grade":"A1","lane":"hand-raiser","fit":84,"engagement":50,"disqualifiedBy":null},',
  '"agreement":{"version":"","clauses":["rating","company","reachable","role","customer"]},',
  '"agreement":{"version":null,"clauses":[]},"route":{"owner":"","queue":null,"rule":"",',
  '"policy":"inbound"},"briefing":{"briefingId":"inbound-lead-"},"handoff":{"id":"ho_per__1",',
  '"round":0,"owner":"","lane":"hand-raiser"},"later":{"state":null},"clock":{"clockId":"accept#0",',
  '"secondsToNextRung":,"outcome":"wait"}},"visit":{"state":"accept: wait","input":{},"enteredAt":17',
  ',"enteredEventId":44,"beforeEventId":43,"retryCount":0,"attempts":[],"token":"inbound-lead-',
  '","task":{"id":"task-18","submitted":true,"lastBeatAt":17}}}},"open":{"timer-1":{"purpose":',
  '"run-timeout","frame":"run"},"task-18":{"purpose":"task","frame":"run"},"timer-19":{"purpose":',
  '"task-timeout","frame":"run"}}}',
].join('');

const DICTIONARIES = [FIRST_WORDS, SECOND_WORDS].map((words) => Buffer.from(words));
const NEWEST = DICTIONARIES.length - 1;

/** A text of which thousands lie in the store for days; the first byte names the dictionary. */
export function pack(text: string): Buffer {
  const packed = deflateRawSync(text, { dictionary: DICTIONARIES[NEWEST], memLevel: 3 });
  return Buffer.concat([Buffer.of(NEWEST), packed]);
}

/** The text again; one that was stored as it is stays so. The binding gives bytes in either form. */
export function unpack(stored: string | Buffer | ArrayBuffer): string {
  if (typeof stored === 'string') return stored;
  const bytes = Buffer.from(stored as ArrayBuffer);
  const dictionary = DICTIONARIES[bytes[0] ?? NEWEST];
  return inflateRawSync(bytes.subarray(1), { dictionary }).toString();
}
