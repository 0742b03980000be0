// Signs in as the first account of a role of `khue demo --json` and prints its access token.
//   node scripts/sign-in.mjs BASE ACCOUNTS.json ROLE
import { readFileSync } from 'node:fs';

const [base, file, role] = process.argv.slice(2);
const account = JSON.parse(readFileSync(file, 'utf8')).find((a) => a.role === role);
if (!account) throw new Error(`no account of the role ${role}`);
const answer = await fetch(`${base}/api/v1/sessions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ username: account.username, password: account.password }),
});
if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
console.log((await answer.json()).access_token);
