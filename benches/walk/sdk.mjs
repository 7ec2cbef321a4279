// The official SDK walks one conversation: node sdk.mjs API WS APP_KEY USER TOKEN PEER. Prints the time as JSON.
import { load, walk } from '../measure/sdk.mjs';

const [api, ws, appKey, user, token, peer] = process.argv.slice(2);
const sdk = load();
const connection = new sdk.connection({ appKey, isHttpDNS: false, apiUrl: api, url: ws, autoReconnectNumMax: 0 });
await connection.open({ user, accessToken: token });
await walk(connection, peer);
