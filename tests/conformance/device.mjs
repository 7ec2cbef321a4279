// One device in its own process: loads one SDK version and does what the runner asks over IPC.
import { createRequire } from 'node:module';
import { file, pretend, seen } from './browser.mjs';

const EVENTS = ['onConnected', 'onDisconnected', 'onError', 'onTextMessage', 'onImageMessage', 'onAudioMessage', 'onVideoMessage', 'onFileMessage', 'onLocationMessage', 'onCmdMessage', 'onCustomMessage', 'onCombineMessage', 'onReadMessage', 'onDeliveredMessage', 'onRecallMessage', 'onChannelMessage', 'onModifiedMessage', 'onReactionChange', 'onMessagePinEvent', 'onMultiDeviceEvent', 'onReceivedMessage', 'onTokenExpired', 'onTokenWillExpire'];

const [version, server] = [process.argv[2], JSON.parse(process.argv[3])];
const tell = (message) => process.connected && process.send(message);
const plain = (value) => JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? 'null');

pretend();
for (const method of ['log', 'info', 'debug', 'warn', 'table']) console[method] = () => {};
seen.http = (request) => tell({ http: request });
seen.frame = (data) => tell({ frame: typeof data === 'string' ? data : Buffer.from(data).toString('base64') });
const WebIM = createRequire(import.meta.url)(`easemob-${version}`);
const sdk = WebIM.default ?? WebIM;
try { sdk.logger?.disableAll?.(); } catch { /* the older one has no such switch */ }
let connection;

const sdkError = (e) => ({ type: e?.type, message: String(e?.message ?? e), data: plain(e?.data ?? null) });

const can = {
  connect({ options = {} }) {
    connection = new sdk.connection({
      appKey: server.app_key, isHttpDNS: false, apiUrl: server.api,
      url: version === '4.1.2' ? server.ws.replace(/^ws/, 'http') : server.ws,
      heartBeatWait: 30000, autoReconnectNumMax: 0, ...options,
    });
    connection.addEventHandler('story', Object.fromEntries(EVENTS.map((name) => [name, (event) => {
      if (name === 'onMessage') return;
      tell({ event: name, data: plain(event instanceof Error ? sdkError(event) : event ?? {}) });
    }])));
    return { resource: connection.clientResource ?? connection.context?.jid?.clientResource };
  },
  open: ({ login }) => connection.open(login),
  close: () => connection.close(),
  resource: () => connection.clientResource,
  call: ({ method, args }) => connection[method](...args),
  modify: ({ messageId, options }) => connection.modifyMessage({ messageId, modifiedMessage: sdk.message.create(options) }),
  async send({ options, bytes }) {
    if (bytes) options.file = file(options.filename, Buffer.from(bytes, 'base64'));
    for (const done of ['onFileUploadError', 'onFileUploadComplete', 'onFileUploadProgress']) if (bytes) options[done] = () => {};
    return connection.send(sdk.message.create(options));
  },
};

process.on('message', async ({ id, op, ...rest }) => {
  try {
    const result = await can[op](rest);
    tell({ id, result: plain(result ?? null) });
  } catch (e) {
    tell({ id, error: sdkError(e) });
  }
});
process.on('uncaughtException', (e) => tell({ event: 'uncaught', data: { message: String(e?.stack ?? e) } }));
process.on('unhandledRejection', (e) => tell({ event: 'uncaught', data: sdkError(e) }));
tell({ ready: true });
