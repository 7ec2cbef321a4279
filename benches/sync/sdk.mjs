// The official SDK fetches and decodes one conversation and keeps nothing: node sdk.mjs PORT. Prints the time as JSON.
// Its long connection is never opened: the server of this bench has only pages.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pretend } from '../../tests/conformance/browser.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

class KeptRequest {
  #method;
  #url;
  #headers = {};
  readyState = 0;
  status = 0;
  responseText = '';

  open(method, url) { [this.#method, this.#url, this.readyState] = [method, url, 1]; }
  setRequestHeader(name, value) { this.#headers[name] = value; }
  getResponseHeader() { return null; }
  abort() {}

  send(body) {
    const headers = body ? { ...this.#headers, 'content-length': Buffer.byteLength(body) } : this.#headers;
    const request = http.request(this.#url, { method: this.#method, headers, agent }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        Object.assign(this, { status: answer.statusCode, responseText: text, response: text, readyState: 4 });
        this.onreadystatechange?.();
      });
    });
    request.on('error', (error) => this.onerror?.(error));
    request.end(body || undefined);
  }
}

const [port] = process.argv.slice(2);
const print = console.log;
for (const method of ['log', 'info', 'debug', 'warn', 'table']) console[method] = () => {};
pretend();
Object.defineProperty(globalThis, 'XMLHttpRequest', { value: KeptRequest, configurable: true, writable: true });
const loaded = createRequire(new URL('../../tests/conformance/', import.meta.url))('easemob-4.21.1');
const sdk = loaded.default ?? loaded;
sdk.logger?.disableAll?.();
const [appKey, apiUrl] = ['bench#sync', `http://127.0.0.1:${port}`];
const connection = new sdk.connection({ appKey, isHttpDNS: false, apiUrl, url: 'ws://127.0.0.1:1', enableReportLogs: false });
Object.assign(connection, { apiUrl, token: 't' });
const [orgName, appName] = appKey.split('#');
Object.assign(connection.context, { appKey, orgName, appName, userId: 'u', accessToken: 't', restTokenData: 't', root: connection.root });

const start = performance.now();
let [cursor, messages] = [-1, 0];
for (;;) {
  const page = await connection.getHistoryMessages({ targetId: 'c0', chatType: 'singleChat', pageSize: 50, cursor, searchDirection: 'up' });
  messages += page.messages.length;
  if (page.isLast || !page.cursor) break;
  cursor = page.cursor;
}
print(JSON.stringify({ messages, seconds: (performance.now() - start) / 1000 }));
process.exit(0);
