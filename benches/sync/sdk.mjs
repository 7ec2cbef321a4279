// The official SDK fetches and decodes one conversation and keeps nothing: node sdk.mjs PORT. Prints the time as JSON.
// Its long connection is never opened: the server of this bench has only pages.
import { load, walk } from '../measure/sdk.mjs';

const [port] = process.argv.slice(2);
const sdk = load();
const [appKey, apiUrl] = ['bench#sync', `http://127.0.0.1:${port}`];
const connection = new sdk.connection({ appKey, isHttpDNS: false, apiUrl, url: 'ws://127.0.0.1:1', enableReportLogs: false });
Object.assign(connection, { apiUrl, token: 't' });
const [orgName, appName] = appKey.split('#');
Object.assign(connection.context, { appKey, orgName, appName, userId: 'u', accessToken: 't', restTokenData: 't', root: connection.root });
await walk(connection, 'c0');
