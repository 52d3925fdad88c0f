package postgres

// migrations bring a schema from version n to n+1. "$." stands for the schema.
// Published ones are never edited. Each begins with the tables of River as
// they are then.
//
// Times are nanoseconds since 1970 in UTC; ship_by of an order without one is
// the largest integer, so that it sorts last. Texts are compared byte by byte,
// whatever the database's language.
var migrations = [...]string{
	`CREATE TABLE $.orders (
		key         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		account     text   COLLATE "C" NOT NULL,
		channel     text   COLLATE "C" NOT NULL,
		id          text   COLLATE "C" NOT NULL,
		version     bigint NOT NULL,
		state       text   COLLATE "C" NOT NULL,
		ship_by     bigint NOT NULL,
		received_at bigint NOT NULL,
		codes       text[] COLLATE "C" NOT NULL,
		body        json   NOT NULL,
		raw         bytea,
		UNIQUE (account, channel, id)
	);
	CREATE INDEX orders_by_state ON $.orders (account, state, ship_by, received_at, channel, id);
	CREATE INDEX orders_by_urgency ON $.orders (account, ship_by, received_at, channel, id);
	CREATE TABLE $.history (
		order_key bigint NOT NULL REFERENCES $.orders,
		n         bigint GENERATED ALWAYS AS IDENTITY,
		body      json   NOT NULL,
		PRIMARY KEY (order_key, n)
	);
	CREATE SEQUENCE $.numbers;
	CREATE TABLE $.effects (
		order_key bigint   NOT NULL REFERENCES $.orders,
		account   text     COLLATE "C" NOT NULL,
		kind      text     COLLATE "C" NOT NULL,
		attempt   integer  NOT NULL,
		due       bigint   NOT NULL,
		since     bigint   NOT NULL,
		tries     integer  NOT NULL DEFAULT 0,
		seq       bigint   NOT NULL,
		-- The lease, if token is not 0, on the effect that was number held.
		token     bigint   NOT NULL DEFAULT 0,
		held      bigint   NOT NULL DEFAULT 0,
		until     bigint   NOT NULL DEFAULT 0,
		PRIMARY KEY (order_key, kind, attempt)
	) WITH (fillfactor = 70);
	CREATE INDEX effects_by_due ON $.effects (account, kind, due);
	CREATE TABLE $.cursors (
		account text  COLLATE "C" NOT NULL,
		channel text  COLLATE "C" NOT NULL,
		value   bytea NOT NULL,
		PRIMARY KEY (account, channel)
	);
	CREATE TABLE $.reservations (
		account  text   COLLATE "C" NOT NULL,
		key      text   COLLATE "C" NOT NULL,
		purse    text   COLLATE "C" NOT NULL,
		channel  text   NOT NULL,
		id       text   NOT NULL,
		currency text   NOT NULL,
		amount   text   NOT NULL,
		actual   text,
		state    text   COLLATE "C" NOT NULL,
		at       bigint NOT NULL,
		note     text   NOT NULL DEFAULT '',
		PRIMARY KEY (account, key)
	);
	CREATE INDEX reservations_by_purse ON $.reservations (account, purse, state, at);
	CREATE TABLE $.duties (
		account text        COLLATE "C" NOT NULL,
		name    text        COLLATE "C" NOT NULL,
		holder  text        NOT NULL,
		until   timestamptz NOT NULL,
		PRIMARY KEY (account, name)
	);
	-- Rate budgets: times and lengths in microseconds, by the database's clock.
	CREATE TABLE $.budgets (
		account  text   COLLATE "C" NOT NULL,
		name     text   COLLATE "C" NOT NULL,
		opened   bigint NOT NULL DEFAULT 0,
		used     bigint NOT NULL DEFAULT 0,
		slack    bigint NOT NULL DEFAULT 0,
		refusals bigint NOT NULL DEFAULT 0,
		shut     bigint NOT NULL DEFAULT 0,
		PRIMARY KEY (account, name)
	) WITH (fillfactor = 50);
	CREATE TABLE $.inbox (
		account  text    COLLATE "C" NOT NULL,
		source   text    COLLATE "C" NOT NULL,
		id       bytea   NOT NULL,
		n        bigint  GENERATED ALWAYS AS IDENTITY,
		topic    bytea   NOT NULL,
		refs     json    NOT NULL,
		at       bigint  NOT NULL,
		handled  boolean NOT NULL DEFAULT false,
		PRIMARY KEY (account, source, id)
	);
	CREATE INDEX inbox_pending ON $.inbox (account, source, at, n) WHERE NOT handled;`,

	// An order is rewritten several times: with room on its page a change of
	// the body alone leaves the indexes as they are. Its history and its
	// effects are written with it, by one statement that takes their key from
	// it, and orders are never deleted: looking each key up again proved
	// nothing and cost a tenth of every change.
	`ALTER TABLE $.orders SET (fillfactor = 75);
	ALTER TABLE $.history DROP CONSTRAINT history_order_key_fkey;
	ALTER TABLE $.effects DROP CONSTRAINT effects_order_key_fkey;`,

	// Nobody here looks for jobs by what is in them, and every job had to be
	// taken apart and entered in both.
	`DROP INDEX IF EXISTS $.river_job_args_index;
	DROP INDEX IF EXISTS $.river_job_metadata_index;`,

	// What a person ordered by hand is found by its reference.
	`ALTER TABLE $.orders ADD COLUMN manual_ref text COLLATE "C" NOT NULL DEFAULT '';
	UPDATE $.orders SET manual_ref = body->>'manualRef' WHERE body->>'manualRef' <> '';
	CREATE INDEX orders_by_manual_ref ON $.orders (account, manual_ref, ship_by, received_at, channel, id) WHERE manual_ref <> '';`,

	// Orders that may be one are found by what they have in common.
	`ALTER TABLE $.orders ADD COLUMN likeness bigint NOT NULL DEFAULT 0;
	CREATE INDEX orders_by_likeness ON $.orders (account, likeness, ship_by, received_at, channel, id) WHERE likeness <> 0;`,
}
