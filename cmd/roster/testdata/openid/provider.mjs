// An OpenID provider for tests: node provider.mjs FOLDER PORT
//
// FOLDER has node_modules with oidc-provider. The provider prints its URL once it
// answers, and ends with its standard input. Its key is new at each start. POST /rotate
// makes another, which signs from then on; the key before it stays published.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [folder, port] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`));
const audience = 'https://roster.example.com';

const newKey = (kid) => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid, alg: 'RS256', use: 'sig',
});

let keys = [];

function newProvider(issuer) {
  keys = [newKey(`key-${Date.now()}-${Math.random()}`), ...keys.slice(0, 1)];
  const provider = new Provider(issuer, {
    jwks: { keys },
    clients: [
      {
        client_id: 'billing', client_secret: 'billing-secret', grant_types: ['client_credentials'],
        redirect_uris: [], response_types: [],
      },
      {
        client_id: 'app', token_endpoint_auth_method: 'none', application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/admin'],
      },
    ],
    clientBasedCORS: () => true, // the page at /admin asks for tokens from the browser
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_, token) => ({ groups: ['staff'], preferred_username: token.accountId }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'directory.read directory.write', audience, accessTokenFormat: 'jwt' }),
      },
    },
  });
  return provider.callback();
}

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/rotate') {
    answer = newProvider(issuer);
    response.end();
    return;
  }
  answer(request, response);
});
let issuer, answer;
server.listen(Number(port), '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  answer = newProvider(issuer);
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
