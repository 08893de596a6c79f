/** Prints the one line that continuous integration reads, after Jest's own summary. */
export default class CiLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    setImmediate(() => console.log(`${results.numPassedTests} passed, ${failed} failed${skipped}`));
  }
}
