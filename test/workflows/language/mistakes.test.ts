import { formatProblem } from '#workflows/language/problem.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';
import { connectors, playbookTexts, readWith } from './sample-playbook.ts';

/**
 * A mistake a line: its name, the file, what is replaced by what, where the reader is sent, how the
 * message starts, and what is guessed. A `§` stands for the dollar of a placeholder.
 */
const MISTAKES = String.raw`
a comment | inbound | "id": "inbound", | // first\n  "id": "inbound", | 2:3 | comments are not allowed in JSON; use "note"
a comma too many | inbound | "end": true } | "end": true, } | 15:34 | a key in double quotes is expected here (is there a comma
a missing brace | inbound | "oneRunPer": "person",\n | "oneRunPer": "person"\n | 5:3 | a comma is expected here
a key written twice | inbound | "id": "score", | "id": "score", "id": "rate", | 7:22 | "id" is written twice in this object
an unknown head field | inbound | "oneRunPer" | "oneRunPre" | 4:3 | "oneRunPre" is not known here; allowed are "$schema", "id", | oneRunPer
an unknown event type | inbound | "lead.captured" | "lead.capture" | 3:23 | "lead.capture" is not allowed here | lead.captured
no event types | inbound | ["lead.captured"] | [] | 3:22 | must have at least 1
a trigger condition on an unknown fact | inbound | person.suppressed | person.supressed | 3:62 | person has no field "supressed" | suppressed
a trigger condition on a field of another event | inbound | $not(person.suppressed) | event.opportunity.stage = 'x' | 3:56 | event has no field "opportunity"
a trigger condition that is no JSONata | inbound | $not(person.suppressed) | $not(person.suppressed | 3:71 | is not JSONata: Expected ")" before end of expression
a trigger condition on an impossible value | inbound | $not(person.suppressed) | person.ownerKind = 'salesman' | 3:69 | ownerKind is never "salesman", but "salesperson", "track"
a trigger with a function of Step Functions only | inbound | $not(person.suppressed) | $uuid() = 'x' | 3:50 | there is no function $uuid here
a workflow not called like its file | inbound | "id": "inbound" | "id": "inbound-lead" | 2:9 | must be called like its file, "inbound"
a step that says nothing | inbound | { "id": "done", "end": true } | { "id": "done" } | 15:5 | a step needs one of "use", "choose", "await" or "end"
a misspelt shape | inbound | "id": "gate", "choose" | "id": "gate", "chose" | 8:21 | a step needs one of "use", "choose", "await" or "end" | choose
a step with two shapes | inbound | "use": "hand-off" | "use": "hand-off", "end": true | 10:42 | a step is either "use" or "end", not both; make it two steps
a step that is no object | inbound | { "id": "done", "end": true } | "done" | 15:5 | must be a step, an object
a step without an id | inbound | "id": "score", "use" | "use" | 7:5 | "id" is missing
an id in capitals | inbound | "id": "score" | "id": "Score" | 7:13 | must be lower-case words joined by hyphens
an unknown step kind | inbound | "use": "score" | "use": "scores" | 7:29 | there is no step kind or operation "scores" | score
an internal step kind | inbound | "use": "score" | "use": "climb" | 7:29 | there is no step kind or operation "climb"
an unknown vendor | inbound | chatter.message.post | chater.message.post | 11:28 | there is no step kind or operation "chater.message.post" | chatter.message.post
an unknown operation | inbound | chatter.message.post | chatter.message.put | 11:28 | chatter has no operation "message.put" | chatter.message.post
an unknown field of a step | inbound | "atMost": 2 | "atMots": 2 | 13:54 | "atMots" is not known here; allowed are "atMost" | atMost
a field of the wrong type | inbound | "atMost": 2 | "atMost": "2" | 13:64 | must be a number, not a text
a bound that is no bound | inbound | "atMost": 2 | "atMost": 0 | 13:64 | must be at least 1
reassign without a bound | inbound | "with": { "atMost": 2 },  |  | 13:5 | "atMost" is missing
an outcome without a way | inbound | , "onExhausted": "nurture" |  | 13:5 | "onExhausted" is missing
an unreadable time | inbound | PT3S | 3 seconds | 6:60 | must be 1 to 59 seconds, such as PT3S
an ending step with a next | inbound | "use": "hand-back" | "use": "hand-back", "next": "done" | 14:44 | "next" is not known here; allowed are "id", "note", "use"
an unknown signal | inbound | "handoff.accepted" | "handoff.accept" | 12:32 | must be "handoff.accepted", "handoff.worked" or | handoff.accepted
a wait without a breach | inbound | "onBreach": "reassign",  |  | 12:5 | "onBreach" is missing
a wait for acceptance without a rejection | inbound | "onReject": "nurture",  |  | 12:5 | "onReject" is missing: sales may give the lead back while
an unknown clock | inbound | "clock": "accept" | "clock": "acept" | 12:61 | the playbook has no clock "acept" | accept
a hand-off under an unknown clock | inbound | "use": "hand-off" | "use": "hand-off", "with": { "clock": "acept" } | 10:61 | the playbook has no clock "acept" | accept
an unknown model | inbound | "model": "default" | "model": "defualt" | 7:57 | the playbook has no scoring model "defualt" | default
an unknown policy | inbound | "policy": "inbound" | "policy": "inbuond" | 9:58 | the playbook has no routing policy "inbuond" | inbound
an unknown reason | inbound | "use": "hand-back" | "use": "hand-back", "with": { "reason": "not_redy" } | 14:64 | the playbook has no reason "not_redy" | not_ready
an unknown track | inbound | "use": "hand-back" | "use": "hand-back", "with": { "track": "latre" } | 14:63 | the playbook has no track "latre" | later
an unknown next step | inbound | "next": "done" | "next": "don" | 12:126 | there is no step "don" in this workflow | done
an unknown step in a choice | inbound | "next": "nurture" }] | "next": "nurtur" }] | 8:76 | there is no step "nurtur" in this workflow | nurture
a step id used twice | inbound | "id": "route" | "id": "score" | 9:13 | the step id "score" is used twice
a reserved step id | inbound | "id": "done", "end" | "id": "failed", "end" | 12:126 | there is no step "done" in this workflow
a step that nothing leads to | inbound | { "id": "done", "end": true } | { "id": "done", "end": true },\n    { "id": "lost", "end": true } | 16:13 | no way leads to the step "lost"
a last step without an end | inbound | { "id": "done", "end": true } | { "id": "done", "use": "brief" } | 15:13 | "done" is the last step and says no next; end the run there
a last choice without a fall-through | inbound | { "id": "done", "end": true } | { "id": "done", "choose": [{ "when": "true", "next": "nurture" }] } | 15:13 | "done" is the last step and says no next; end the run there
a loop without an end | inbound | "onBreach": "reassign", "onReject": "nurture", "next": "done" | "onBreach": "accept", "onReject": "accept", "next": "accept" | 9:13 | no way leads from "route" to an end
a loop that nothing bounds | inbound | "onBreach": "reassign" | "onBreach": "assign" | 10:13 | "assign" can be passed for ever; a way back needs a bounded
a wait before any hand-off | inbound | "use": "hand-off" | "use": "brief" | 12:32 | needs $handoff, which "hand-off" or "reassign" must have
a hand-off before any route | inbound | "use": "route", "with": { "policy": "inbound" } | "use": "brief" | 10:30 | needs $route, which "route" must have set on every way to
a condition that is no JSONata | inbound | $score.rating = 'warm' | $score.rating = = 'warm' | 8:59 | is not JSONata: The symbol "=" cannot be used as a unary
a condition on an unknown variable | inbound | $score.rating | $scores.rating | 8:43 | no step sets $scores | $score
a condition on an unknown field | inbound | $score.rating | $score.ratting | 8:50 | $score has no field "ratting" | rating
a condition on an impossible value | inbound | = 'warm' | in ['warm', 'hott'] | 8:69 | rating is never "hott", but "hot", "qualified", "warm", | hot
a condition without a dollar | inbound | $score.rating | score.rating | 8:43 | "score" is read from an input, and a run has none; | $score
a condition that answers no yes or no | inbound | $score.rating = 'warm' | $score.rating | 8:43 | must answer true or false; compare it with something, or
a condition with an unknown function | inbound | $score.rating = 'warm' | $lowercas($score.lane) = 'hot' | 8:43 | there is no function $lowercas here | $lowercase
a condition on a later answer | inbound | $score.rating = 'warm' | $route.queue = 'triage' | 8:43 | $route may have no value here; ask for it first, with
a condition on what may have failed | inbound | $score.rating = 'warm' | $enrichment.status = 'hit' | 8:43 | $enrichment may have no value here; ask for it first, with
a condition on the context of the run | inbound | $score.rating = 'warm' | $states.input.x = 1 | 8:43 | $states can't be read here; a run has its steps' answers only
a condition behind an escape | inbound | $score.rating = 'warm' | $score.rating = \"warm\" and $scor.fit > 3 | 8:72 | no step sets $scor | $score
an operation field of the wrong type | inbound | "size": 3 | "size": "3" | 11:86 | must be a number, not a text
an unknown operation field | inbound | "size": 3 | "sise": 3 | 11:78 | "sise" is not known here; allowed are "to", "size", "kind" | size
a missing operation field | inbound | "to": "#leads",  |  | 11:60 | "to" is missing
an expression on an unknown variable | inbound | "#leads" | "{% $handof.owner %}" | 11:72 | no step sets $handof | $handoff
half an expression | inbound | "#leads" | "{% $handoff.owner" | 11:68 | an expression takes the whole text: {% … %}
a mark of the deployment | inbound | "#leads" | "§{Team}" | 11:68 | "§{" is filled in by the deployment and can't be used here
an expression where none is evaluated | inbound | "model": "default" | "model": "{% $score.lane %}" | 7:57 | score takes no expression here, so that the playbook can be
a variable name with a hyphen | inbound | "as": "message" | "as": "the-message" | 11:97 | must be a word such as task
a variable name that is taken | inbound | "as": "message" | "as": "score" | 11:97 | is the name of a variable that the run has already
as on a step that has a variable already | inbound | "use": "hand-off" | "use": "hand-off", "as": "given" | 10:42 | "as" is not known here; allowed are "id", "note", "use",
an unreadable duration | clocks | 4 business hours | 4 hrs | 4:18 | the duration "4 hrs" cannot be read. Allowed are working
a misspelt lane | clocks | "default" | "defualt" | 4:7 | "defualt" is not known here; allowed are "hand-raiser", | default
an unknown field in a scoring rule | scoring/default | "field": "employees" | "field": "employes" | 6:18 | "employes" is not allowed here | employees
a reason for a track that is not there | tracks | "track": "later" | "track": "latre" | 14:16 | no track "latre"; there are later
an unknown calendar | people | "berlin" | "berlln" | 7:19 | no calendar "berlln"; there are berlin
`;

const mistakes = MISTAKES.trim()
  .split('\n')
  .map((line) => line.replaceAll('§', '$').split(' | '));

const newlines = (text = '') => text.replaceAll('\\n', '\n');

test('the sample playbook itself is sound', () => {
  expect(readPlaybook(playbookTexts(), { connectors }).problems).toEqual([]);
});

test.each(mistakes)('%s', (_name, file, instead, written, place, message = '', guess = '') => {
  const { playbook, problems } = readWith(`${file}.json`, newlines(instead), newlines(written));
  const [problem] = problems;
  expect(playbook).toBeUndefined();
  expect(problem).toMatchObject({ file: `${file}.json`, message: expect.stringMatching(/./) });
  expect(`${problem?.line}:${problem?.column}`).toBe(place?.trim());
  expect(problem?.message.slice(0, message.trim().length)).toBe(message.trim());
  expect(problem?.suggestion ?? '').toBe(guess.trim());
});

test.each(mistakes)('the place of it is where it stands: %s', (_name, file, instead, written) => {
  const path = `${file}.json`;
  const { text, problems } = readWith(path, newlines(instead), newlines(written));
  for (const { line, column, value } of problems) {
    if (typeof value !== 'string' || value.includes('"')) continue;
    const there = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
    expect(there.replace(/^["']/, '').startsWith(value.slice(0, 8))).toBe(true);
  }
});

test('a hand-off that names no clock needs the usual one', () => {
  const texts = playbookTexts();
  const { problems } = readPlaybook(
    {
      ...texts,
      'clocks.json': (texts['clocks.json'] ?? '').replace('"accept":', '"answer":'),
      'inbound.json': (texts['inbound.json'] ?? '').replace(
        '"clock": "accept"',
        '"clock": "answer"',
      ),
    },
    { connectors },
  );
  expect(problems.map(formatProblem)).toEqual([
    'inbound.json:10:30 goes by the clock "accept", which the playbook does not have: add it, or name another one under "with".',
  ]);
});

test('several mistakes are told at once, from top to bottom', () => {
  const texts = playbookTexts();
  const wrong = (texts['inbound.json'] ?? '')
    .replace('"use": "score"', '"use": "scoer"')
    .replace('"end": true', '"end": false')
    .replace('lead.captured', 'lead.catched');
  const { problems } = readPlaybook({ ...texts, 'inbound.json': wrong }, { connectors });
  expect(problems.map(formatProblem)).toEqual([
    'inbound.json:3:23 "lead.catched" is not allowed here. Did you mean "lead.captured"?',
    'inbound.json:7:29 there is no step kind or operation "scoer". Did you mean "score"?',
    'inbound.json:15:28 must be true.',
  ]);
});
