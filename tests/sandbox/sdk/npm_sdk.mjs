// The official npm package, unchanged, completes the documented operations; prints their names as JSON.
// Address, token and account come from the environment, as with the real service.

import assert from "node:assert/strict";
import Cloudflare from "cloudflare";

const client = new Cloudflare({
  baseURL: process.env.CLOUDFLARE_BASE_URL,
  apiToken: process.env.CLOUDFLARE_API_TOKEN,
  maxRetries: 0,
});
const { billing } = client.aiGateway;
const account_id = process.env.CLOUDFLARE_ACCOUNT_ID;

const newest = async () => (await billing.invoiceHistory({ account_id, type: "manual" })).invoices[0].id;

const calls = {
  credit_balance: async () => (await billing.creditBalance({ account_id })).balance,
  usage_history: async () => (await billing.usageHistory({ account_id, value_grouping_window: "day" })).history,
  invoice_history: newest,
  invoice_preview: async () => (await billing.invoicePreview({ account_id })).invoice_lines[0].quantity,
  "topup.create": async () => (await billing.topup.create({ account_id, amount: 5000 })).payment_intent_id,
  "topup.status": async () =>
    (await billing.topup.status({ account_id, payment_intent_id: await newest() })).status,
  "topup.config.create": async () =>
    (await billing.topup.config.create({ account_id, amount: 5000, threshold: 500 })).threshold,
  "topup.config.get": async () => (await billing.topup.config.get({ account_id })).amount,
  "topup.config.delete": async () => await billing.topup.config.delete({ account_id }),
  "spending_limit.create": async () =>
    await billing.spendingLimit.create({ account_id, amount: 10000, duration: "monthly", strategy: "fixed" }),
  "spending_limit.get": async () => (await billing.spendingLimit.get({ account_id })).config.amount,
  "spending_limit.delete": async () => await billing.spendingLimit.delete({ account_id }),
};

const done = [];
for (const [name, call] of Object.entries(calls)) {
  const result = await call();
  assert(result !== undefined && result !== null, name);
  done.push(name);
}
console.log(JSON.stringify(done));
