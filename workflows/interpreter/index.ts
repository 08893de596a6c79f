export { loadMachine } from './load.ts';
export type { Machine } from './machine.ts';
export { advanceRun, startRun } from './run.ts';
export type {
  Advance,
  Command,
  Environment,
  ExecutionIdentity,
  HistoryEvent,
  RunInput,
  RunState,
} from './run-state.ts';
