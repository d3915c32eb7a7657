// The official npm package reads the rules of a gateway and adds one, sending back what it read: run by test_official_sdks.py.
import Cloudflare from "cloudflare";

const client = new Cloudflare({ baseURL: process.env.CLOUDFLARE_BASE_URL, apiToken: process.env.CLOUDFLARE_API_TOKEN });
const account_id = process.env.CLOUDFLARE_ACCOUNT_ID;
const { id, created_at, modified_at, is_default, ...settings } = await client.aiGateway.get("production", { account_id });
const rules = settings.spend_limits.rules;
const added = { limit: 7.5, limitType: "cost", window: 3600, technique: "fixed" };
await client.aiGateway.update("production", { account_id, ...settings, spend_limits: { enabled: true, rules: [...rules, added] } });
console.log(JSON.stringify(rules));
