package main

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/mip/sqlite"
)

// store is where the orders are.
type store struct {
	// URL is sqlite:orders.db, postgres://user@host/database, or a secret.
	URL     storeURL `json:"url" validate:"required"`
	Schema  string   `json:"schema"`  // PostgreSQL; empty = openmip
	Account string   `json:"account"` // PostgreSQL; empty = main
	// NoMigration leaves the tables alone at the start, for database users
	// who must not change them.
	NoMigration bool `json:"no_migration"`
}

// storeURL is an address, which may be a secret as a whole.
type storeURL string

func (s store) postgres() bool {
	return strings.HasPrefix(string(s.URL), "postgres://") || strings.HasPrefix(string(s.URL), "postgresql://")
}

// String returns a constant: the address may hold a password.
func (storeURL) String() string { return "store(redacted)" }

// address reads a store's URL. A password may come by reference only.
func (d *decoder) address(path, text string) storeURL {
	given := text
	if strings.HasPrefix(text, "${") || strings.HasPrefix(text, "@") {
		var secret rest.Secret
		d.secret(path, []byte(`"`+text+`"`), &secret)
		if text = secret.Reveal(); text == "" {
			return ""
		}
	}
	if file, ok := strings.CutPrefix(text, "sqlite:"); ok && strings.Trim(file, "/") != "" {
		return storeURL(text)
	}
	u, err := url.Parse(text)
	if err != nil || !(store{URL: storeURL(text)}).postgres() {
		d.fault(path, "want sqlite:FILE or postgres://…")
		return ""
	}
	_, password := u.User.Password()
	if (password || u.Query().Has("password")) && given == text {
		d.fault(path, "a password does not stand here: use PGPASSWORD, or the whole address as \"${NAME}\"")
	}
	return storeURL(text)
}

// opened is a store that is in use.
type opened struct {
	mip.Store
	inbox mip.Inbox
	limit rest.Limiter // of BigBuy; nil = of this process alone
	pool  *pgxpool.Pool
	close func()
}

// open opens the store that the configuration names.
func (s store) open(ctx context.Context) (*opened, error) {
	if s.postgres() {
		return s.openPostgres(ctx)
	}
	file, err := sqlite.Open(sqlite.Config{Path: strings.TrimPrefix(string(s.URL), "sqlite:")})
	if err != nil {
		return nil, err
	}
	return &opened{Store: file, inbox: file, close: func() { _ = file.Close() }}, nil
}

func (s store) openPostgres(ctx context.Context) (*opened, error) {
	settings, err := pgxpool.ParseConfig(string(s.URL))
	if err != nil {
		return nil, &mip.Error{Op: "store", Kind: mip.ErrInvalid, Err: errors.New("the address does not parse")}
	}
	settings.MaxConns = max(settings.MaxConns, 16)
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, &mip.Error{Op: "store", Kind: mip.ErrUnavailable, Err: errors.New("no connection pool")}
	}
	c := postgres.Config{Pool: pool, Schema: s.Schema, Account: s.Account}
	if !s.NoMigration {
		err = postgres.Migrate(ctx, c)
	}
	var db *postgres.Store
	if err == nil {
		db, err = postgres.Open(ctx, c)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &opened{Store: db, inbox: db, limit: db.Limiter("bigbuy", bigbuy.Limits()), pool: pool, close: pool.Close}, nil
}
