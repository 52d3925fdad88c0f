package postgres

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

// Config says which database, and whose orders.
type Config struct {
	// URL of the database, in any form that pgx reads. Ignored with Pool.
	URL string `validate:"required_without=Pool"`
	// Pool to use instead. It is not closed with the Store. A process that
	// runs effects wants 16 connections.
	Pool *pgxpool.Pool `validate:"-"`
	// Schema that holds the tables: at most 46 letters, digits and "_".
	// Empty = "openmip".
	Schema string
	// Account is the supplier account whose orders these are: 1–24 of a–z
	// 0–9. Empty = "main".
	Account string `validate:"omitempty,alphanum,lowercase,max=24"`
	// FetchEvery is how often [Store.Run] looks in each of its queues for
	// effects that nobody announced: those that become due within the next
	// seconds, and all of them with NoListen. At least 10 ms. 0 = a second.
	FetchEvery time.Duration `validate:"omitempty,min=10ms"`
	// NoListen takes no connection for announcements: for a process that runs
	// many accounts over one Pool, or one behind a pooler of connections. New
	// effects then wait up to FetchEvery.
	NoListen bool
}

var schemaName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,45}$`)

// checked returns cfg with its defaults, or an [mip.ErrInvalid] error.
func (cfg Config) checked(op string) (Config, error) {
	cfg.Schema, cfg.Account = cmp.Or(cfg.Schema, "openmip"), cmp.Or(cfg.Account, "main")
	cfg.FetchEvery = cmp.Or(cfg.FetchEvery, time.Second)
	err := validator.New(validator.WithRequiredStructEnabled()).Struct(cfg)
	if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
		err = errors.New("config field " + fields[0].StructField() + ": " + fields[0].Tag())
	}
	if err == nil && !schemaName.MatchString(cfg.Schema) {
		err = errors.New("config field Schema: want at most 46 letters, digits and _")
	}
	if err != nil {
		return cfg, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: err}
	}
	return cfg, nil
}

// pool returns the pool to use, and whether it is the caller's.
func (cfg Config) pool(ctx context.Context, op string) (*pgxpool.Pool, bool, error) {
	if cfg.Pool != nil {
		return cfg.Pool, true, nil
	}
	settings, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, false, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("config field URL: does not parse")} // it may hold a password
	}
	if !strings.Contains(cfg.URL, "pool_max_conns") {
		settings.MaxConns = max(settings.MaxConns, 16)
	}
	// Compiling a statement takes longer than running one of ours ever does;
	// and each follows an index, also one that was planned while the tables
	// were small.
	for _, name := range []string{"jit", "enable_seqscan"} {
		if _, said := settings.ConnConfig.RuntimeParams[name]; !said {
			settings.ConnConfig.RuntimeParams[name] = "off"
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, false, failure(op, mip.Ref{}, err)
	}
	return pool, false, nil
}

// Store keeps the orders, cursors, reservations and effects of one account.
// It is safe for concurrent use, here and in other processes.
type Store struct {
	pool    *pgxpool.Pool
	owned   bool
	schema  string
	account string
	fetch   time.Duration
	deaf    bool
	bell    bell
	recent  recent
}

var (
	_ mip.Store = (*Store)(nil)
	_ mip.Queue = (*Store)(nil)
)

const opOpen = "postgres: open"

// Open connects to a database that [Migrate] has prepared. A wrong Config is
// [mip.ErrInvalid]; a schema that is missing, older or newer than this program
// is [mip.ErrContract], with what to do about it; anything else is
// [mip.ErrUnavailable].
func Open(ctx context.Context, cfg Config) (*Store, error) {
	cfg, err := cfg.checked(opOpen)
	if err != nil {
		return nil, err
	}
	s := &Store{schema: cfg.Schema, account: cfg.Account, fetch: cfg.FetchEvery, deaf: cfg.NoListen}
	var theirs bool
	if s.pool, theirs, err = cfg.pool(ctx, opOpen); err != nil {
		return nil, err
	}
	s.owned = !theirs
	if err := s.current(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close closes the connections, unless the pool is the caller's. It waits for
// calls under way; [Store.Run] must have ended. Afterwards every method is
// [mip.ErrUnavailable].
func (s *Store) Close() {
	if s.owned {
		s.pool.Close()
	}
}

// Account returns whose orders these are.
func (s *Store) Account() string { return s.account }

// in returns a statement for this store's schema, which stands for "$." in it.
func (s *Store) in(statement string) string {
	return strings.ReplaceAll(statement, "$.", pgx.Identifier{s.schema}.Sanitize()+".")
}

// patience is how long a write may take once it has begun.
const patience = 30 * time.Second

// write runs fn on one connection. Once it runs, fn is not stopped by ctx.
// A connection that is lost leaves an unknown outcome; clashes with others are
// tried again, since they did nothing.
func (s *Store) write(ctx context.Context, op string, ref mip.Ref, fn func(ctx context.Context, conn *pgxpool.Conn) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return failure(op, ref, err)
	}
	defer conn.Release()
	if err := alive(ctx, op, ref); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		err := fn(ctx, conn)
		switch {
		case err == nil:
			return nil
		case ctx.Err() == nil && clash(err):
			continue
		}
		return written(op, ref, err)
	}
}

// begin bounds how long a transaction waits for its process: one that froze in
// the middle would keep its locks, and everybody else waiting for them, for as
// long as it is frozen. The server ends it instead.
const begin = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '5s'"

// within runs fn in a transaction.
func within(ctx context.Context, conn *pgxpool.Conn, fn func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{BeginQuery: begin}, fn)
}
