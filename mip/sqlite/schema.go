package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

// application marks a file as ours: "MIP1" in ASCII, in PRAGMA application_id.
const application = 0x4d495031

// migrations bring a file from version n to n+1, each in one transaction. The
// version is PRAGMA user_version. Published ones are never edited.
//
// Times are nanoseconds since 1970 in UTC; ship_by of an order without one is
// the largest integer, so that it sorts last.
var migrations = [...]string{
	`CREATE TABLE orders (
		key         INTEGER PRIMARY KEY,
		channel     TEXT    NOT NULL,
		id          TEXT    NOT NULL,
		version     INTEGER NOT NULL,
		state       TEXT    NOT NULL,
		ship_by     INTEGER NOT NULL,
		received_at INTEGER NOT NULL,
		codes       TEXT    NOT NULL,
		body        BLOB    NOT NULL,
		raw         BLOB,
		UNIQUE (channel, id)
	) STRICT;
	CREATE INDEX orders_by_state ON orders (state, ship_by, received_at, channel, id);
	CREATE TABLE history (
		order_key INTEGER NOT NULL REFERENCES orders,
		n         INTEGER NOT NULL,
		body      BLOB    NOT NULL,
		PRIMARY KEY (order_key, n)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE effects (
		order_key INTEGER NOT NULL REFERENCES orders,
		kind      TEXT    NOT NULL,
		attempt   INTEGER NOT NULL,
		due       INTEGER NOT NULL,
		since     INTEGER NOT NULL,
		tries     INTEGER NOT NULL DEFAULT 0,
		seq       INTEGER NOT NULL DEFAULT 1,
		PRIMARY KEY (order_key, kind, attempt)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX effects_by_due ON effects (kind, due);
	CREATE TABLE cursors (
		channel TEXT PRIMARY KEY,
		value   BLOB NOT NULL
	) STRICT, WITHOUT ROWID;
	CREATE TABLE reservations (
		key      TEXT PRIMARY KEY,
		account  TEXT NOT NULL,
		channel  TEXT NOT NULL,
		id       TEXT NOT NULL,
		currency TEXT NOT NULL,
		amount   TEXT NOT NULL,
		actual   TEXT,
		state    TEXT NOT NULL,
		at       INTEGER NOT NULL
	) STRICT, WITHOUT ROWID;
	CREATE INDEX reservations_by_account ON reservations (account, state, at);
	CREATE TABLE runs (n INTEGER NOT NULL) STRICT;
	INSERT INTO runs VALUES (0);`,

	`CREATE INDEX orders_by_urgency ON orders (ship_by, received_at, channel, id);`,

	`ALTER TABLE reservations ADD COLUMN note TEXT NOT NULL DEFAULT '';`,

	`CREATE TABLE inbox (
		n       INTEGER PRIMARY KEY,
		source  TEXT    NOT NULL,
		id      BLOB    NOT NULL,
		topic   BLOB    NOT NULL,
		refs    BLOB    NOT NULL,
		at      INTEGER NOT NULL,
		handled INTEGER NOT NULL DEFAULT 0,
		UNIQUE (source, id)
	) STRICT;
	CREATE INDEX inbox_pending ON inbox (source, at, n) WHERE NOT handled;`,

	// With the codes, so that the order is read only if it has the one wanted.
	`CREATE INDEX orders_by_code ON orders (state, ship_by, received_at, channel, id, codes) WHERE codes <> '';`,

	// History is appended to, whatever order it is of, so that the changes of
	// many orders fill one page; each entry names the one before, and an order
	// its last. What a channel said of an order changes less often than it.
	`CREATE TABLE entries (
		n         INTEGER PRIMARY KEY,
		before    INTEGER NOT NULL,
		order_key INTEGER NOT NULL,
		body      BLOB    NOT NULL
	) STRICT;
	INSERT INTO entries SELECT row_number() OVER h,
		CASE WHEN lag(order_key) OVER h IS order_key THEN row_number() OVER h - 1 ELSE 0 END, order_key, body
		FROM history WINDOW h AS (ORDER BY order_key, n);
	DROP TABLE history;
	ALTER TABLE entries RENAME TO history;
	CREATE TABLE raws (
		order_key INTEGER PRIMARY KEY REFERENCES orders,
		body      BLOB NOT NULL
	) STRICT;
	INSERT INTO raws SELECT key, raw FROM orders WHERE raw IS NOT NULL;
	ALTER TABLE orders DROP COLUMN raw;
	ALTER TABLE orders ADD COLUMN last_entry INTEGER NOT NULL DEFAULT 0;
	UPDATE orders SET last_entry = h.n FROM (SELECT order_key, max(n) AS n FROM history GROUP BY order_key) AS h
		WHERE key = h.order_key;`,

	// What a person ordered by hand is found by its reference.
	`ALTER TABLE orders ADD COLUMN manual_ref TEXT NOT NULL DEFAULT '';
	UPDATE orders SET manual_ref = coalesce(json_extract(CAST(body AS TEXT), '$.manualRef'), '');
	CREATE INDEX orders_by_manual_ref ON orders (manual_ref, ship_by, received_at, channel, id) WHERE manual_ref <> '';`,

	// Orders that may be one are found by what they have in common.
	`ALTER TABLE orders ADD COLUMN likeness INTEGER NOT NULL DEFAULT 0;
	CREATE INDEX orders_by_likeness ON orders (likeness, ship_by, received_at, channel, id) WHERE likeness <> 0;`,
}

// migrate brings the file up to date, or refuses one it cannot serve.
func migrate(ctx context.Context, conn *sql.Conn) error {
	version, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	for ; version < len(migrations); version++ {
		if err := step(ctx, conn, version); err != nil {
			return failure(opOpen, mip.Ref{}, fmt.Errorf("schema version %d: %w", version+1, err))
		}
	}
	return nil
}

func step(ctx context.Context, conn *sql.Conn, from int) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	script := fmt.Sprintf("%s\nPRAGMA application_id = %d; PRAGMA user_version = %d;", migrations[from], application, from+1)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return err
	}
	return tx.Commit()
}

// schemaVersion returns the version of a file of ours, 0 of an empty one.
func schemaVersion(ctx context.Context, conn *sql.Conn) (int, error) {
	var version, app, tables int
	for _, q := range []struct {
		sql string
		dst *int
	}{
		{"PRAGMA user_version", &version},
		{"PRAGMA application_id", &app},
		{"SELECT count(*) FROM sqlite_schema", &tables},
	} {
		if err := conn.QueryRowContext(ctx, q.sql).Scan(q.dst); err != nil {
			return 0, failure(opOpen, mip.Ref{}, err)
		}
	}
	refuse := func(why string) (int, error) {
		return 0, &mip.Error{Op: opOpen, Kind: mip.ErrContract, Err: errors.New(why)}
	}
	switch {
	case app != application && (tables > 0 || version > 0 || app != 0):
		return refuse("the file belongs to another program")
	case version > len(migrations):
		return refuse(fmt.Sprintf("the file has schema version %d, this program knows %d; use a newer program", version, len(migrations)))
	}
	return version, nil
}
