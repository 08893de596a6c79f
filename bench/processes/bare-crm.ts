import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obey } from './commands.ts';

/** The least a CRM does: reads a record and answers with its id. */
function open(): Promise<{ url: string }> {
  let records = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    records += 1;
    const answer = JSON.stringify({ id: String(records) });
    const headers = { 'content-type': 'application/json', 'content-length': answer.length };
    response.writeHead(201, headers).end(answer);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}` });
    });
  });
}

obey({ open });
