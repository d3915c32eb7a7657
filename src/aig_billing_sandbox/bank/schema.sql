-- The bank's tables. What must stay true is enforced here as far as SQL can.
-- Cards are charged whole cents; usage is metered in millicents (thousandths of a cent); times are Unix milliseconds.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id TEXT PRIMARY KEY CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
    owner_email TEXT NOT NULL,
    tax_basis_points INTEGER NOT NULL DEFAULT 0 CHECK (tax_basis_points BETWEEN 0 AND 10000),
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A token has no email; a Global API key has one. Without an account it opens every account.
CREATE TABLE credentials (
    secret TEXT PRIMARY KEY CHECK (length(secret) > 0),
    email TEXT,
    may_write INTEGER NOT NULL CHECK (may_write IN (0, 1)),
    account_id TEXT REFERENCES accounts (id),
    owner TEXT NOT NULL CHECK (owner IN ('user', 'account')),
    expired INTEGER NOT NULL CHECK (expired IN (0, 1)),
    CHECK (owner = 'user' OR account_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    payment_method_id TEXT NOT NULL,
    brand TEXT NOT NULL,
    last4 TEXT NOT NULL CHECK (length(last4) = 4 AND last4 NOT GLOB '*[^0-9]*'),
    behaviour TEXT NOT NULL CHECK (behaviour IN ('good', 'declines', 'declines_later', 'needs_confirmation')),
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX one_card_per_payment_method ON cards (account_id, payment_method_id);
CREATE UNIQUE INDEX one_default_card ON cards (account_id) WHERE is_default = 1;

CREATE TABLE invoices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('manual', 'auto')),
    status TEXT NOT NULL CHECK (status IN ('open', 'paid', 'void', 'uncollectible')),
    credit_cents INTEGER NOT NULL CHECK (credit_cents > 0),
    fee_cents INTEGER NOT NULL CHECK (fee_cents >= 0),
    tax_cents INTEGER NOT NULL CHECK (tax_cents >= 0),
    card_id INTEGER NOT NULL REFERENCES cards (id),
    client_secret TEXT,
    created_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    listed_ms INTEGER NOT NULL CHECK (listed_ms >= created_ms)
) STRICT;
CREATE INDEX invoices_by_account ON invoices (account_id, kind, status);
-- Auto top-up buys one at a time.
CREATE UNIQUE INDEX one_open_auto_invoice ON invoices (account_id) WHERE kind = 'auto' AND status = 'open';

CREATE TRIGGER invoices_are_kept BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
CREATE TRIGGER invoices_keep_their_terms BEFORE UPDATE OF id, account_id, kind, credit_cents, fee_cents, tax_cents, created_ms
ON invoices
BEGIN SELECT RAISE(ABORT, 'the terms of an invoice never change'); END;
CREATE TRIGGER invoices_settle_once BEFORE UPDATE OF status ON invoices WHEN OLD.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'only an open invoice changes its status'); END;

-- One row per attempt to charge the card. `due_ms` is when a pending one ends; one that needs confirmation has none.
CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    invoice_id TEXT NOT NULL REFERENCES invoices (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'needs_confirmation', 'succeeded', 'declined')),
    declines INTEGER NOT NULL DEFAULT 0 CHECK (declines IN (0, 1)),
    started_ms INTEGER NOT NULL,
    due_ms INTEGER CHECK ((due_ms IS NOT NULL) = (state = 'pending')),
    ended_ms INTEGER CHECK ((ended_ms IS NOT NULL) = (state IN ('succeeded', 'declined')))
) STRICT;
CREATE INDEX payments_by_invoice ON payments (invoice_id);
CREATE INDEX payments_due ON payments (due_ms) WHERE state = 'pending';
CREATE UNIQUE INDEX money_is_taken_once ON payments (invoice_id) WHERE state = 'succeeded';

CREATE TABLE usage_events (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    model TEXT NOT NULL,
    unit_amount TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    cost_millicents INTEGER NOT NULL CHECK (cost_millicents >= 0),
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_time ON usage_events (account_id, at_ms, cost_millicents);
CREATE INDEX usage_by_model ON usage_events (account_id, model, unit_amount, at_ms, quantity, cost_millicents);

-- The ledger. Every entry carries the balance after it, which must be the balance before it plus its amount: so the
-- balance of an account is the last entry's, and is the sum of all entries by construction.
CREATE TABLE ledger_entries (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    number INTEGER NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('topup', 'usage', 'adjustment')),
    amount_millicents INTEGER NOT NULL,
    balance_millicents INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    invoice_id TEXT UNIQUE REFERENCES invoices (id),
    usage_id TEXT UNIQUE REFERENCES usage_events (id),
    PRIMARY KEY (account_id, number),
    CHECK ((kind = 'topup') = (invoice_id IS NOT NULL)),
    CHECK ((kind = 'usage') = (usage_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_adds_up BEFORE INSERT ON ledger_entries
WHEN NEW.balance_millicents IS NOT NEW.amount_millicents + CASE NEW.number
    WHEN 1 THEN 0
    ELSE (SELECT balance_millicents FROM ledger_entries WHERE account_id = NEW.account_id AND number = NEW.number - 1)
END
BEGIN SELECT RAISE(ABORT, 'a ledger entry must carry the balance before it plus its amount'); END;
CREATE TRIGGER ledger_credits_what_was_paid BEFORE INSERT ON ledger_entries
WHEN NEW.kind = 'topup' AND NOT EXISTS (
    SELECT 1 FROM invoices JOIN payments ON payments.invoice_id = invoices.id AND payments.state = 'succeeded'
    WHERE invoices.id = NEW.invoice_id AND invoices.status = 'paid' AND invoices.account_id = NEW.account_id
      AND invoices.credit_cents * 1000 = NEW.amount_millicents
)
BEGIN SELECT RAISE(ABORT, 'a top-up entry must be the credit of a paid invoice of its account'); END;
CREATE TRIGGER ledger_debits_what_was_used BEFORE INSERT ON ledger_entries
WHEN NEW.kind = 'usage' AND NOT EXISTS (
    SELECT 1 FROM usage_events
    WHERE id = NEW.usage_id AND account_id = NEW.account_id AND -cost_millicents = NEW.amount_millicents
)
BEGIN SELECT RAISE(ABORT, 'a usage entry must be the cost of a usage event of its account'); END;
CREATE TRIGGER ledger_is_not_rewritten BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry never changes'); END;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END;
CREATE TRIGGER usage_is_not_rewritten BEFORE UPDATE ON usage_events
BEGIN SELECT RAISE(ABORT, 'a usage event never changes'); END;
CREATE TRIGGER usage_is_kept BEFORE DELETE ON usage_events
BEGIN SELECT RAISE(ABORT, 'a usage event is never deleted'); END;

CREATE TABLE auto_topups (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 1000),
    threshold_cents INTEGER NOT NULL CHECK (threshold_cents >= 500),
    error TEXT,
    last_failed_ms INTEGER CHECK ((last_failed_ms IS NULL) = (error IS NULL)),
    failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
    disabled_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE spending_limits (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 100),
    duration TEXT NOT NULL CHECK (duration IN ('daily', 'weekly', 'monthly')),
    strategy TEXT NOT NULL CHECK (strategy IN ('fixed', 'sliding'))
) STRICT, WITHOUT ROWID;

-- `settings` is a JSON object, kept as the text that was sent.
CREATE TABLE gateways (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    id TEXT NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    settings TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- Every POST /topup that arrived, recorded before anything is decided about it. The account may not exist.
CREATE TABLE charges (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL,
    amount_cents INTEGER,
    authorised INTEGER NOT NULL CHECK (authorised IN (0, 1)),
    received_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT 'received',
    delivery TEXT NOT NULL DEFAULT 'unanswered',
    status INTEGER,
    invoice_id TEXT REFERENCES invoices (id)
) STRICT;
