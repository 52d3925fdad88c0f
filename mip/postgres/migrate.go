package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/openmip/openmip/mip"
)

// Migrate creates the schema or brings it up to date, River's tables first.
// It is safe to repeat and to call from several processes at once: one does
// it, the others wait. A program older than the schema changes nothing and
// gets [mip.ErrContract]; one that was started before goes on, without what
// the new columns are for, so stop those first. The database user must be
// allowed to create tables; the one that works later needs not be.
func Migrate(ctx context.Context, cfg Config) error {
	const op = "postgres: migrate"
	cfg, err := cfg.checked(op)
	if err != nil {
		return err
	}
	pool, theirs, err := cfg.pool(ctx, op)
	if err != nil {
		return err
	}
	if !theirs {
		defer pool.Close()
	}
	s := &Store{pool: pool, schema: cfg.Schema}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return failure(op, mip.Ref{}, err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", "openmip "+s.schema); err != nil {
		return failure(op, mip.Ref{}, err)
	}
	// The lock ends with the session; the connection is not used again.
	defer func() { _ = conn.Conn().Close(context.WithoutCancel(ctx)) }()
	if err := s.migrate(ctx, conn); err != nil {
		return failure(op, mip.Ref{}, err)
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, conn *pgxpool.Conn) error {
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	if version > len(migrations) {
		return newer(version)
	}
	if version == 0 {
		if _, err := conn.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{s.schema}.Sanitize()); err != nil {
			return err
		}
	}
	river, err := s.river()
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	for ; version < len(migrations); version++ {
		err := within(ctx, conn, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, s.in(migrations[version])+s.in(fmt.Sprintf(`
				CREATE TABLE IF NOT EXISTS $.openmip (version integer NOT NULL);
				DELETE FROM $.openmip;
				INSERT INTO $.openmip VALUES (%d);`, version+1)))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) river() (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(s.pool), &rivermigrate.Config{Schema: s.schema, Logger: slog.New(slog.DiscardHandler)})
}

// version returns the schema's version, 0 if there is none.
func (s *Store) version(ctx context.Context) (version int, err error) {
	var there bool
	err = s.pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", pgx.Identifier{s.schema, "openmip"}.Sanitize()).Scan(&there)
	if err != nil || !there {
		return 0, err
	}
	err = s.pool.QueryRow(ctx, s.in("SELECT max(version) FROM $.openmip")).Scan(&version)
	return version, err
}

// current refuses a schema that this program cannot serve.
func (s *Store) current(ctx context.Context) error {
	refuse := func(why string) error { return &mip.Error{Op: opOpen, Kind: mip.ErrContract, Err: errors.New(why)} }
	version, err := s.version(ctx)
	switch {
	case err != nil:
		return failure(opOpen, mip.Ref{}, err)
	case version == 0:
		return refuse("the schema does not exist; call postgres.Migrate")
	case version < len(migrations):
		return refuse(fmt.Sprintf("the schema has version %d, this program needs %d; call postgres.Migrate", version, len(migrations)))
	case version > len(migrations):
		return newer(version)
	}
	river, err := s.river()
	if err != nil {
		return failure(opOpen, mip.Ref{}, err)
	}
	got, err := river.Validate(ctx, nil)
	if err != nil {
		return failure(opOpen, mip.Ref{}, err)
	}
	if !got.OK {
		return refuse("the tables of River are not those of this program; call postgres.Migrate")
	}
	return nil
}

func newer(version int) error {
	return &mip.Error{Op: opOpen, Kind: mip.ErrContract,
		Err: fmt.Errorf("the schema has version %d, this program knows %d; use a newer program", version, len(migrations))}
}
