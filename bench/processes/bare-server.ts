import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openGroupCommit } from '../stores/group-commit.ts';
import { cpuMs, obey } from './commands.ts';

/** Bound (a): checks one HMAC, parses JSON, inserts one row, answers once the row is durable. */
function open({ folder, secret }: { folder: string; secret: string }): Promise<{ url: string }> {
  const table = openGroupCommit(folder);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const signed = Buffer.from(String(request.headers['x-signature']), 'hex');
    const right = createHmac('sha1', secret).update(body).digest();
    const genuine = signed.length === right.length && timingSafeEqual(signed, right);
    const text = body.toString('utf8');
    const { messageId } = JSON.parse(text) as { messageId: string };
    if (genuine) await table.insert(messageId, text);
    response.writeHead(genuine ? 200 : 401, { 'content-length': '0' }).end();
  };
  const server = createServer((request, response) => {
    if (request.method === 'GET') response.end();
    else void answer(request, response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}` });
    });
  });
}

obey({ open, cpuMs });
