// The SDK warns about Node 20 from January 2027 on; CDK validates every synth with a WebAssembly
// rule engine that costs seconds a test process. Both stay on in the commands that users run.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
process.env['CDK_VALIDATION'] = 'false';
