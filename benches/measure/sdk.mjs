// The official SDK as benches drive it: quiet, its requests over one kept connection, the best a page in a browser would
// have.
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
  response = '';
  upload = { addEventListener() {}, removeEventListener() {} };
  #listeners = [];

  open(method, url) { [this.#method, this.#url, this.readyState] = [method, url, 1]; }
  setRequestHeader(name, value) { this.#headers[name] = value; }
  getResponseHeader() { return null; }
  getAllResponseHeaders() { return ''; }
  addEventListener(name, told) { if (name === 'load') this.#listeners.push(told); }
  removeEventListener() {}
  abort() {}

  send(body) {
    const headers = body ? { ...this.#headers, 'content-length': Buffer.byteLength(body) } : this.#headers;
    const request = http.request(this.#url, { method: this.#method.toUpperCase(), headers, agent }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => this.#done(answer.statusCode, Buffer.concat(parts).toString('utf8')));
    });
    request.on('error', (error) => this.onerror?.(error));
    request.end(body || undefined);
  }

  #done(status, text) {
    Object.assign(this, { status, responseText: text, response: text, readyState: 4 });
    this.onreadystatechange?.();
    for (const told of [this.onload, ...this.#listeners]) told?.({ target: this });
  }
}

const print = console.log;

/** Loads the SDK in a pretended browser. */
export function load() {
  for (const method of ['log', 'info', 'debug', 'warn', 'table']) console[method] = () => {};
  pretend();
  Object.defineProperty(globalThis, 'XMLHttpRequest', { value: KeptRequest, configurable: true, writable: true });
  const loaded = createRequire(new URL('../../tests/conformance/', import.meta.url))('easemob-4.21.1');
  const sdk = loaded.default ?? loaded;
  sdk.logger?.disableAll?.();
  return sdk;
}

/** Walks one conversation from its newest message to the end, prints the time as JSON and leaves. */
export async function walk(connection, targetId) {
  const start = performance.now();
  let [cursor, messages] = [-1, 0];
  for (;;) {
    const page = await connection.getHistoryMessages({ targetId, chatType: 'singleChat', pageSize: 50, cursor, searchDirection: 'up' });
    messages += page.messages.length;
    if (page.isLast || !page.cursor) break;
    cursor = page.cursor;
  }
  print(JSON.stringify({ messages, seconds: (performance.now() - start) / 1000 }));
  process.exit(0);
}
