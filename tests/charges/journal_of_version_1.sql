BEGIN TRANSACTION;
CREATE TABLE aig_billing_accounts (
	account_id VARCHAR(256) NOT NULL, 
	version BIGINT NOT NULL, 
	PRIMARY KEY (account_id)
);
INSERT INTO "aig_billing_accounts" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573',14);
CREATE TABLE aig_billing_charges (
	account_id VARCHAR(256) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	amount BIGINT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	revision BIGINT NOT NULL, 
	owner VARCHAR(64), 
	lease_ms BIGINT, 
	left_by_ms BIGINT, 
	baseline TEXT, 
	payment_id TEXT, 
	proof VARCHAR(16), 
	onboarding BOOLEAN, 
	brand TEXT, 
	last4 TEXT, 
	needs_confirmation BOOLEAN NOT NULL, 
	refusal TEXT, 
	note TEXT, 
	created_ms BIGINT NOT NULL, 
	changed_ms BIGINT NOT NULL, 
	PRIMARY KEY (account_id, "key"), 
	CONSTRAINT aig_billing_charge_state CHECK (state IN ('intent', 'sending', 'sent', 'completed', 'refused', 'unknown', 'not_found')), 
	CONSTRAINT aig_billing_charge_amount CHECK (amount > 0)
);
INSERT INTO "aig_billing_charges" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573','completed',5000,'completed',3,'7e0aeb921f2c5361ec5017b74fcd746b',NULL,1795633956921,'{"ids": ["in_d8243f245b4686c27a1b8688"], "has_more": false, "total": 1, "newest": 1795547376}','in_43e8b2ccbaabf5023a760694','answer',1,'visa','4242',0,NULL,NULL,1795633776852,1795633777120);
INSERT INTO "aig_billing_charges" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573','sent',6000,'sent',2,'88d70a6fec674ed5762ba2bb30bb207b',NULL,1795633957234,'{"ids": ["in_43e8b2ccbaabf5023a760694", "in_d8243f245b4686c27a1b8688"], "has_more": false, "total": 2, "newest": 1795633777}','in_a5c3ed50fff1c6f69fe781fe','answer',1,'visa','4242',0,NULL,NULL,1795633777174,1795633777299);
INSERT INTO "aig_billing_charges" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573','refused',5000,'refused',2,'c939f1b6c0a84d2159b219fdd6cc8d5a',NULL,1795633957409,'{"ids": ["in_a5c3ed50fff1c6f69fe781fe", "in_43e8b2ccbaabf5023a760694", "in_d8243f245b4686c27a1b8688"], "has_more": false, "total": 3, "newest": 1795633777}',NULL,'answer',NULL,NULL,NULL,0,'{"status": 402, "message": "POST /client/v4/accounts/7f3c0a9e5b1d42d8a6e4c9b20f18d573/ai-gateway/billing/topup answered 402: [1920] CARD_DECLINED: Your card was declined. (cf-ray 655aacdd4dd57210-SBX). The bank has declined the card: put another one on the account in the dashboard, or ask the bank. Nothing was charged.", "errors": [[1920, "CARD_DECLINED: Your card was declined."]]}',NULL,1795633777349,1795633777500);
INSERT INTO "aig_billing_charges" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573','unknown',7000,'unknown',2,'4eb585057c1681849cb6d01221420469',NULL,1795633777705,'{"ids": ["in_1b1078fed67d53d7b6aba500", "in_a5c3ed50fff1c6f69fe781fe", "in_43e8b2ccbaabf5023a760694", "in_d8243f245b4686c27a1b8688"], "has_more": false, "total": 4, "newest": 1795633777}',NULL,NULL,NULL,NULL,NULL,0,NULL,'POST /client/v4/accounts/7f3c0a9e5b1d42d8a6e4c9b20f18d573/ai-gateway/billing/topup answered 500: [1950] A fault on order: 500 (cf-ray 7ebd71c99bcefb8a-SBX).',1795633777564,1795633777705);
INSERT INTO "aig_billing_charges" VALUES('7f3c0a9e5b1d42d8a6e4c9b20f18d573','intent',8000,'intent',0,'somebody',1795633838765,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1795633777765,1795633777765);
CREATE TABLE aig_billing_journal (
	version INTEGER NOT NULL
);
INSERT INTO "aig_billing_journal" VALUES(1);
CREATE INDEX aig_billing_charges_by_state ON aig_billing_charges (account_id, state);
COMMIT;
