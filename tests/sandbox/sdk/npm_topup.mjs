// The official npm package, with its own settings, tops up by $50 once; prints what its caller is told, as JSON.

import Cloudflare from "cloudflare";

const client = new Cloudflare({
  baseURL: process.env.CLOUDFLARE_BASE_URL,
  apiToken: process.env.CLOUDFLARE_API_TOKEN,
});
let told = "success";
try {
  await client.aiGateway.billing.topup.create({ account_id: process.env.CLOUDFLARE_ACCOUNT_ID, amount: 5000 });
} catch (error) {
  told = error.constructor.name;
}
console.log(JSON.stringify(told));
